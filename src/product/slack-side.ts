import { join } from 'node:path'
import { createArticleDesk } from '../articles/article-desk.ts'
import type { Deliver } from '../dispatcher.ts'
import { createLanguages } from '../language.ts'
import type { Linking } from '../linking.ts'
import { connectSlack, listen, type SlackConnection } from '../slack/app.ts'
import { checkTriageChannels } from '../slack/check.ts'
import { fetchFiles, fileHosts } from '../slack/fetch-file.ts'
import { createHome } from '../slack/home.ts'
import { createNoDm } from '../slack/no-dm.ts'
import { createPoster } from '../slack/outbound.ts'
import { createProfiles } from '../slack/profile.ts'
import { createRecentReaders, MOST_READERS } from '../slack/recent-readers.ts'
import { createRenderer } from '../slack/render.ts'
import { createSharedGuard } from '../slack/shared-channel.ts'
import { createStaff } from '../slack/staff.ts'
import { createUploader } from '../slack/upload.ts'
import { createWhisperer } from '../slack/whisper.ts'
import { createWho } from '../slack/who.ts'
import { slackReaders } from '../store/slack-readers.ts'
import type { StoreAccess } from '../store-access.ts'
import { usualHistory } from '../ticket/history.ts'
import { labelsIn } from '../ticket/questions.ts'
import { accountChoices, timeZoneOf } from '../ticket/routing.ts'
import type { Ground } from './ground.ts'
import type { MailSide } from './mail-side.ts'

export interface SlackSide {
  post: Deliver
  /** Puts files into threads. */
  upload: Deliver
  /** Tells people beside a channel's others. */
  whisper: Deliver
  /** Fetches what people attached, and keeps it. */
  fetchFile(data: { commentId: number; isLastTry: boolean }): Promise<void>
}

/** Who people are beyond their Slack user: the same for Slack and for the pages. */
export interface Identity {
  linking: Linking
  storeAccess: StoreAccess
}

/** Connects to Slack and checks what the settings name there, before any mail is read. */
export async function reachSlack({ settings, triageChannels }: Ground): Promise<SlackConnection> {
  const slack = await connectSlack(settings.slack, join(settings.dataDir, 'slack-events'), settings.log, settings.clock)
  await checkTriageChannels(slack.client, triageChannels)
  return slack
}

/** The Slack half: every listener, and whoever posts; nothing is heard before `slack.start`. */
export async function openSlack(
  ground: Ground,
  slack: SlackConnection,
  mail: MailSide,
  identity: Identity,
): Promise<SlackSide> {
  const { settings, database, desk, deskFile, files, jobs, templates, triageChannelOf, triageChannels } = ground
  const { clock, log } = settings
  const { client, own } = slack
  const staffReader = { locale: 'en', timeZone: timeZoneOf(deskFile, deskFile.defaultRegion) }
  const staffWords = templates.words(staffReader.locale, { audience: 'agent', timeZone: staffReader.timeZone })
  const { names, wholeForm, questionnaire } = ground
  const { history = usualHistory } = deskFile
  const render = createRenderer({ database, clock, templates, names, form: wholeForm, staff: staffReader, history })
  const readers = createRecentReaders()
  for (const { userId, ...reader } of await slackReaders(database, MOST_READERS)) readers.saw(userId, reader)
  const home = createHome({ client, database, render, clock, readers })
  const alarm = staffWords('access.shared-channel')
  const heldBack = createSharedGuard({ database, client, clock, alarm, log })
  const { paceMs } = settings.slack
  const noDm = createNoDm({ database, desk, clock, queue: jobs, render, triageChannelOf })
  const post = createPoster({
    database,
    client,
    render,
    home,
    triageChannelOf,
    heldBack,
    noDm,
    paceMs,
  })
  const profiles = createProfiles(client, clock)
  const staff = createStaff(client, own, profiles, clock)
  listen({
    app: slack.app,
    client,
    database,
    desk,
    queue: jobs,
    clock,
    render,
    home,
    staff,
    own,
    profiles,
    who: createWho({ database, client, own, staff, clock, readers }),
    intake: ground.intake,
    form: wholeForm,
    labelsFor: ({ locale }) => labelsIn(questionnaire.labels, locale),
    accountsOf: (person) => {
      const words = templates.words(person.locale, { audience: 'client' })
      return accountChoices(deskFile, person.storeAddresses ?? [], words('access.store.not-listed'))
    },
    routeOf: ground.route,
    triageChannelOf,
    isTriageChannel: (channel) => triageChannels.has(channel),
    heldBack,
    isOwnAddress: mail.isOwnAddress,
    heldMail: mail.heldMail,
    wholeMail: mail.wholeMail,
    articles: createArticleDesk({ database, clock, queue: jobs, log }),
    ...identity,
    languages: createLanguages({ database, queue: jobs }),
    command: settings.slack.command,
    publicUrl: settings.publicUrl,
    maxFileBytes: settings.maxFileBytes,
    log,
  })
  const { botToken, apiUrl } = settings.slack
  const maxBytes = settings.maxFileBytes
  const hosts = fileHosts(apiUrl)
  const fetching = { database, client, files, queue: jobs, botToken, hosts, maxBytes }
  const upload = createUploader({ database, client, files, render, queue: jobs, hosts, post, heldBack, paceMs })
  const whisper = createWhisperer({ database, client, render, noDm })
  return { post, upload, whisper, fetchFile: ({ commentId, isLastTry }) => fetchFiles(fetching, commentId, isLastTry) }
}
