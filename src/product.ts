import type { RequestListener } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import type { Clock } from './clock.ts'
import { sweepDeadlines } from './deadlines.ts'
import { createDesk, type Desk } from './desk.ts'
import { createDispatcher } from './dispatcher.ts'
import { createLinking } from './linking.ts'
import { codesProblem } from './mailed-code.ts'
import { layGround } from './product/ground.ts'
import { watchHealth } from './product/health.ts'
import { openMail } from './product/mail-side.ts'
import { oneAtATime } from './product/one-at-a-time.ts'
import type { ProductSettings } from './product/settings.ts'
import { openSlack, reachSlack } from './product/slack-side.ts'
import type { Database } from './store/database.ts'
import { bringNearer } from './store/undo.ts'
import { createStoreAccess } from './store-access.ts'
import { timeZoneOf } from './ticket/routing.ts'
import { createWeb } from './web.ts'

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
  const { clock, log } = settings
  const ground = await layGround(settings)
  const { database, desk, deskParts, jobs, secrets, mailHost, triageChannelOf } = ground
  const slack = await reachSlack(ground)
  const mail = openMail(ground)
  const { mailboxes, check, understand } = mail
  const codes = { database, clock, queue: jobs, secrets, mailHost, triageChannelOf }
  const linking = createLinking(codes)
  const identity = { linking, storeAccess: createStoreAccess(codes) }
  const { post, upload, whisper, fetchFile } = await openSlack(ground, slack, mail, identity)
  const dispatcher = createDispatcher({
    database,
    log,
    deliver: { post, upload, whisper, ...mail.deliver },
    tellUnknown: mail.tellUnknown,
  })
  const health = watchHealth(database, log)

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
    await sweepDeadlines({ database, desk, clock, log, mailboxes: mailboxes.keys, heardUpTo: slack.heardUpTo })
    await dispatcher.wakeDue()
  })
  await jobs.work({
    lane: async ({ lane }) => dispatcher.wake(lane),
    intake: understand,
    'fetch-file': fetchFile,
    sweep: async () => {
      // Before as well: an intake that hangs never gets to the check after it.
      await health.check()
      await sweep()
      await health.check()
    },
  })
  await slack.start()
  await dispatcher.wakeDue()
  // The wake-ups for what the last process had heard and not done may have died with it.
  const isResumed = understand().then(slack.catchUp)
  isResumed.catch((error) => log.warn({ problem: String(error) }, 'what was left to do could not be gone on with yet'))
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
    ledger: health.ledger(),
    outbox: health.outbox(),
  })
  const { publicUrl } = settings
  const { files, templates, companyName, questionnaire } = ground
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
    isOwnAddress: mail.isOwnAddress,
    timeZoneOf: (regionKey) => timeZoneOf(ground.deskFile, regionKey),
    questionnaire,
    ready,
    notices: async (): Promise<Record<string, string>> => {
      const problem = await check.problem()
      const tooMany = await codesProblem(codes)
      return {
        ...(problem === null ? {} : { 'mail-senders': problem }),
        ...(tooMany === null ? {} : { 'mailed-codes': tooMany }),
      }
    },
    log,
  })
  const handleWeb = getRequestListener(web.fetch)
  // What a sample asked of Ada an hour ago must not keep a newcomer from being asked.
  const withoutSurvey = (regionKey: string) => ({ ...deskParts.termsOf(regionKey), survey: undefined })

  return {
    ready,
    handle: (req, res) => {
      if (slack.requestListener && req.url?.startsWith('/slack/events')) return slack.requestListener(req, res)
      return handleWeb(req, res)
    },
    catchUp: async () => {
      await mailboxes.sweepNow()
      await sweep()
      await health.check()
      await dispatcher.idle()
    },
    forSamples: {
      database,
      deskAt: (other) => createDesk({ ...deskParts, termsOf: withoutSurvey, clock: other, undoMs: 0 }),
      teamId: slack.own.teamId,
      routeOf: ground.route,
    },
    stop: async () => {
      await Promise.all([slack.stop(), mailboxes.stop()])
      await jobs.stop()
      await dispatcher.stop()
      await mail.closeThreads()
      await database.close()
    },
  }
}
