import type { RequestListener } from 'node:http'
import { join } from 'node:path'
import { getRequestListener } from '@hono/node-server'
import { createArticleDesk } from './articles/article-desk.ts'
import type { Clock } from './clock.ts'
import { sweepDeadlines } from './deadlines.ts'
import { createDesk, type Desk, type DeskParts } from './desk.ts'
import { createDispatcher } from './dispatcher.ts'
import { startJobs } from './jobs.ts'
import { createLanguages } from './language.ts'
import { createLinking } from './linking.ts'
import { createHeldMail } from './mail/held.ts'
import { type IntakeParts, understandMail } from './mail/intake.ts'
import { ledgerAddsUp } from './mail/ledger.ts'
import { createCodeMailer } from './mail/linking-code.ts'
import { createMailboxCheck } from './mail/mailbox-check.ts'
import { createCheckMailer } from './mail/mailbox-check-mail.ts'
import { createAccessTokens } from './mail/oauth.ts'
import { createMailer } from './mail/outbound.ts'
import { MailReader } from './mail/reader.ts'
import { refreshTokenFile } from './mail/refresh-token-file.ts'
import { SenderThread } from './mail/sender/sender-thread.ts'
import { tellUnknown } from './mail/settle.ts'
import { openSupportMailboxes } from './mail/support-mailboxes.ts'
import { withoutSubaddress } from './mail/threading.ts'
import { createUnreadMailer } from './mail/unread.ts'
import { wholeMail } from './mail/whole-mail.ts'
import { oneAtATime } from './product/one-at-a-time.ts'
import { problemOf } from './product/problem-of.ts'
import type { ProductSettings } from './product/settings.ts'
import { shelveArticles } from './product/shelve-articles.ts'
import { readWords } from './product/words.ts'
import { createSecrets } from './secrets.ts'
import { SettingError } from './setting-error.ts'
import { connectSlack, listen } from './slack/app.ts'
import { checkTriageChannels } from './slack/check.ts'
import { fetchFiles, fileHosts } from './slack/fetch-file.ts'
import { createHome } from './slack/home.ts'
import { createPoster } from './slack/outbound.ts'
import { createRenderer } from './slack/render.ts'
import { createSharedGuard } from './slack/shared-channel.ts'
import { createStaff } from './slack/staff.ts'
import { createWho } from './slack/who.ts'
import { type Database, openDatabase } from './store/database.ts'
import { folderStore } from './store/files.ts'
import { saveFormVersion } from './store/form-versions.ts'
import type { Names } from './store/in-full.ts'
import { createInbox } from './store/inbox.ts'
import { installationId } from './store/installation.ts'
import { MigrationError, migrate } from './store/migrate.ts'
import { bringNearer } from './store/undo.ts'
import { outboxFlows } from './store/unsent.ts'
import { createStoreAccess } from './store-access.ts'
import { labelsIn } from './ticket/questions.ts'
import {
  accountChoices,
  accountsOf,
  isNotListed,
  NOT_LISTED,
  routeOf,
  storesOf,
  termsOf,
  timeZoneOf,
  triageChannelOf,
} from './ticket/routing.ts'
import { ratingsToken } from './web/ratings-token.ts'
import { createWeb, describeLink, fileLink, joinLink, ratingsLink, surveyLink } from './web.ts'

export type { ProductSettings } from './product/settings.ts'

export interface Product {
  /** Answers the product's own pages and, in HTTP mode, Slack. */
  handle: RequestListener
  ready(): Promise<Record<'postgres' | 'slack' | 'imap' | 'ledger' | 'outbox', true | string>>
  /** Reads the mailbox to its end, understands what came, closes what is due, and waits until all that follows is done. */
  catchUp(): Promise<void>
  /** What the sandbox's sample data is played through. */
  forSamples: {
    database: Database
    deskAt(clock: Clock): Desk
    teamId: string
    routeOf(branch: string | null, accountKey: string | null): { groupKey: string; regionKey: string }
  }
  /** Takes nothing new, finishes or hands back what is in flight. */
  stop(): Promise<void>
}

/** Starts the product: everything is checked first, so that what is wrong is said before anything is heard or sent. */
export async function startProduct(settings: ProductSettings): Promise<Product> {
  const { clock, log, publicUrl, mail } = settings
  const { deskFile, companyName, intake, wholeForm, templates, questionnaire } = await readWords(settings)

  await migrate(settings.databaseUrl).catch((error) => {
    throw error instanceof MigrationError
      ? error
      : new SettingError(
          `The database cannot be used (${problemOf(error)}): check DATABASE_URL, and that it is running`,
          {
            cause: error,
          },
        )
  })
  const database = openDatabase(settings.databaseUrl, (error) =>
    log.warn({ err: error }, 'a database connection broke'),
  )
  await saveFormVersion(database, wholeForm, clock.now())
  await shelveArticles({ database, settings, deskFile, clock, log })
  const jobs = await startJobs(database, log)
  const secrets = createSecrets(settings.secret, await installationId(database))
  const files = folderStore(join(settings.dataDir, 'files'))
  const triageChannel = (groupKey: string | null) =>
    groupKey === null ? settings.slack.triageChannel : triageChannelOf(deskFile, groupKey, settings.slack.triageChannel)
  const triageChannels = new Set([settings.slack.triageChannel, ...Object.keys(deskFile.groups).map(triageChannel)])
  const names: Names = {
    account: (key) => (key === null || key === NOT_LISTED ? null : (deskFile.accounts[key]?.name ?? key)),
    isNotListed: (key) => isNotListed(deskFile, key),
    group: (key) => deskFile.groups[key]?.name ?? companyName,
    fileUrl: (fileId, name) => fileLink(publicUrl, fileId, secrets.fileToken(fileId), name),
  }
  const mailHost = mail.supportAddress.slice(mail.supportAddress.lastIndexOf('@') + 1).toLowerCase()
  const route = (branch: string | null, accountKey: string | null) => routeOf(deskFile, { branch, accountKey })
  const deskParts: DeskParts = {
    database,
    clock,
    queue: jobs,
    secrets,
    termsOf: (regionKey) => ({ ...termsOf(deskFile, regionKey), intake: { form: intake.form, routeOf: route } }),
    triageChannelOf: triageChannel,
    mailHost,
    undoMs: settings.undoSeconds * 1000,
    log,
  }
  const desk = createDesk(deskParts)

  const slack = await connectSlack(settings.slack, join(settings.dataDir, 'slack-events'), log)
  await checkTriageChannels(slack.client, triageChannels)
  const timeZone = timeZoneOf(deskFile, deskFile.defaultRegion)
  const staffReader = { locale: 'en', timeZone }
  const staffWords = templates.words(staffReader.locale, { audience: 'agent', timeZone })
  const render = createRenderer({ database, clock, templates, names, form: wholeForm, staff: staffReader })
  const home = createHome({ client: slack.client, database, render, clock })
  const keeper = refreshTokenFile(join(settings.dataDir, 'mail-refresh-token'))
  const tokens = mail.oauth && createAccessTokens(mail.oauth, { clock, keeper })
  const mailboxes = openSupportMailboxes({
    own: mail,
    connections: mail.mailboxes ?? null,
    mailboxes: deskFile.mailboxes,
    tokens,
    clock,
    log,
    store: createInbox(database, jobs.wakeIntake),
  })
  const { transport } = mailboxes
  const addresses = new Map(mailboxes.keys.map((key, at) => [key, mailboxes.addresses[at]!]))
  const check = createMailboxCheck({
    database,
    clock,
    secrets,
    authservId: mail.authservId ?? null,
    addresses,
    mailHost,
    queue: jobs,
    triageChannelOf: triageChannel,
    log,
  })
  // No reason not to start: mail waits in its lanes until the server answers.
  transport.verify().catch((error) => log.warn({ problem: String(error) }, 'mail cannot be sent now: see SMTP_URL'))
  const settling = { database, clock, desk, findSent: mailboxes.findSent }
  const dispatcher = createDispatcher({
    database,
    log,
    deliver: {
      post: createPoster({
        database,
        client: slack.client,
        render,
        home,
        triageChannelOf: triageChannel,
        heldBack: createSharedGuard({
          database,
          client: slack.client,
          clock,
          alarm: staffWords('access.shared-channel'),
          log,
        }),
        paceMs: settings.slack.paceMs,
      }),
      mail: createMailer({
        ...settling,
        queue: jobs,
        triageChannelOf: triageChannel,
        transport,
        files,
        templates,
        names,
        secrets,
        companyName,
        senderOf: mailboxes.senderOf,
        asks: { questionnaire, link: (ticketId) => describeLink(publicUrl, secrets.describeToken(ticketId)) },
        ratingsLink: (contactId) => ratingsLink(publicUrl, ratingsToken(secrets, clock, contactId)),
        surveyLink: (ticketId) => (score) => surveyLink(publicUrl, secrets.surveyToken(ticketId), score),
        timeZoneOf: (regionKey) => timeZoneOf(deskFile, regionKey),
        joinLink: (ticketId) => joinLink(publicUrl, secrets.describeToken(ticketId)),
        maxFileBytes: settings.maxFileBytes,
      }),
      code: createCodeMailer({
        database,
        clock,
        transport,
        templates,
        secrets,
        companyName,
        supportName: mail.supportName,
        supportAddress: mail.supportAddress,
        isStoreAddress: (address) => storesOf(deskFile, address).length > 0,
      }),
      check: createCheckMailer({
        database,
        transport,
        templates,
        secrets,
        companyName,
        supportName: mail.supportName,
        addresses,
      }),
      unread: createUnreadMailer({
        database,
        transport,
        templates,
        companyName,
        senderOf: (mailbox) => mailboxes.senderOf(mailbox, ''),
      }),
    },
    tellUnknown: (row, problem) => tellUnknown(settling, row, problem),
  })

  const reader = new MailReader()
  const senders = new SenderThread({ authservId: mail.authservId ?? null, clock })
  const intakeParts: IntakeParts = {
    database,
    clock,
    desk,
    queue: jobs,
    reader,
    senders,
    check,
    files,
    maxFileBytes: settings.maxFileBytes,
    ownAddresses: mailboxes.addresses,
    mailHost,
    routeOf: (address, mailbox, lastAccount) => {
      const own = accountsOf(deskFile, address).filter(({ key }) => !deskFile.accounts[key]?.whenUnknown)
      // Only somebody with one store is known to mean it, or whoever asked about one before; else an agent has to ask.
      const meant = own.length === 1 ? own[0] : own.find(({ key }) => key === lastAccount)
      const routed = route(null, meant?.key ?? null)
      return { accountKey: meant?.key ?? null, ...routed, groupKey: mailboxes.groupOf(mailbox) ?? routed.groupKey }
    },
    triageChannelOf: triageChannel,
    questionnaire,
    secrets,
    log,
  }
  const understand = oneAtATime(() => understandMail(intakeParts))

  const codes = { database, clock, queue: jobs, secrets, mailHost }
  const staff = createStaff(slack.client, slack.teamId, clock)
  const linking = createLinking({ ...codes, triageChannelOf: triageChannel })
  const isOwnAddress = (address: string) =>
    mailboxes.addresses.some((own) => withoutSubaddress(own) === withoutSubaddress(address))
  listen({
    app: slack.app,
    client: slack.client,
    database,
    desk,
    clock,
    render,
    home,
    staff,
    who: createWho({ database, client: slack.client, ownTeamId: slack.teamId, staff, clock }),
    intake,
    form: wholeForm,
    labelsFor: ({ locale }) => labelsIn(questionnaire.labels, locale),
    accountsOf: (person) =>
      accountChoices(
        deskFile,
        person.storeAddresses ?? [],
        templates.words(person.locale, { audience: 'client' })('access.store.not-listed'),
      ),
    routeOf: route,
    triageChannelOf: triageChannel,
    isTriageChannel: (channel) => triageChannels.has(channel),
    isOwnAddress,
    heldMail: createHeldMail(intakeParts),
    articles: createArticleDesk({ database, clock, queue: jobs, log }),
    wholeMail: (ticketId, eventId) => wholeMail({ database, reader }, ticketId, eventId),
    linking,
    storeAccess: createStoreAccess(codes),
    languages: createLanguages({ database, queue: jobs }),
    command: settings.slack.command,
    publicUrl,
    maxFileBytes: settings.maxFileBytes,
    log,
  })

  let ledger: true | string = true
  let outbox: true | string = true
  const checkLedger = async () => {
    ledger = await ledgerAddsUp(database)
    const before = outbox
    outbox = await outboxFlows(database)
    if (outbox !== true && before === true) log.error({ problem: outbox }, 'posts or mails are stuck')
  }
  let aheadMs = clock.aheadMs ?? 0
  const followClock = async () => {
    const pushedMs = (clock.aheadMs ?? 0) - aheadMs
    aheadMs += pushedMs
    if (pushedMs > 0) await bringNearer(database, pushedMs)
  }
  const sweep = oneAtATime(async () => {
    await followClock()
    await understand()
    await slack.catchUp()
    await check.begin()
    await sweepDeadlines({ database, desk, clock, log, mailboxes: mailboxes.keys })
    await dispatcher.wakeDue()
  })
  const slackFiles = {
    database,
    client: slack.client,
    files,
    queue: jobs,
    botToken: settings.slack.botToken,
    hosts: fileHosts(settings.slack.apiUrl),
    maxBytes: settings.maxFileBytes,
  }
  await jobs.work({
    lane: async ({ lane }) => dispatcher.wake(lane),
    intake: understand,
    'fetch-file': ({ commentId, isLastTry }) => fetchFiles(slackFiles, commentId, isLastTry),
    sweep: async () => {
      // Before as well: an intake that hangs never gets to the check after it.
      await checkLedger()
      await sweep()
      await checkLedger()
    },
  })
  await slack.start()
  await dispatcher.wakeDue()
  // As soon as the mailboxes are read: what lies in one before that is left alone.
  const isRead = mailboxes.sweepNow().then(check.begin)
  isRead.catch((error) => log.warn({ problem: String(error) }, 'the mailboxes could not be checked yet'))

  const ready: Product['ready'] = async () => ({
    postgres: await database.query('select 1').then(
      () => true as const,
      () => 'the database does not answer: see DATABASE_URL',
    ),
    slack: slack.isConnected() || 'not connected to Slack: see SLACK_APP_TOKEN and the network',
    imap: mailboxes.problem() ?? true,
    ledger,
    outbox,
  })
  const web = createWeb({
    database,
    desk,
    clock,
    templates,
    secrets,
    files,
    publicUrl,
    companyName,
    linking,
    isOwnAddress,
    questionnaire,
    ready,
    notices: async () => {
      const problem = await check.problem()
      const notices: Record<string, string> = problem === null ? {} : { 'mail-senders': problem }
      return notices
    },
    log,
  })
  const handleWeb = getRequestListener(web.fetch)

  return {
    ready,
    handle: (req, res) => {
      if (slack.requestListener && req.url?.startsWith('/slack/events')) return slack.requestListener(req, res)
      return handleWeb(req, res)
    },
    catchUp: async () => {
      await mailboxes.sweepNow()
      await sweep()
      await checkLedger()
      await dispatcher.idle()
    },
    forSamples: {
      database,
      deskAt: (other) => createDesk({ ...deskParts, clock: other, undoMs: 0 }),
      teamId: slack.teamId,
      routeOf: route,
    },
    stop: async () => {
      await Promise.all([slack.stop(), mailboxes.stop()])
      await jobs.stop()
      await dispatcher.stop()
      await Promise.all([reader.close(), senders.close()])
      await database.close()
    },
  }
}
