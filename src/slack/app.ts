import type { RequestListener } from 'node:http'
import { App, HTTPReceiver, SocketModeReceiver } from '@slack/bolt'
import { type Logger, LogLevel, WebClient, type WebClientOptions } from '@slack/web-api'
import type { Clock } from '../clock.ts'
import { ownTeam, socketProblem } from './check.ts'
import { createHeard } from './heard.ts'
import { processThenAck } from './in-time.ts'
import { register as kin } from './kin.ts'
import { register as articles } from './listeners/articles.ts'
import { register as askForHelp } from './listeners/ask-for-help.ts'
import { register as consentButton } from './listeners/consent-button.ts'
import { register as fromMessage } from './listeners/from-message.ts'
import { register as grantAccess } from './listeners/grant-access.ts'
import { register as heldMail } from './listeners/held-mail.ts'
import { register as home } from './listeners/home.ts'
import { register as looseWords } from './listeners/loose-words.ts'
import { register as mailTrouble } from './listeners/mail-trouble.ts'
import { register as myAddresses } from './listeners/my-addresses.ts'
import { register as myLanguage } from './listeners/my-language.ts'
import { register as myOrganization } from './listeners/my-organization.ts'
import { register as notOpened } from './listeners/not-opened.ts'
import { register as organizationList } from './listeners/organization-list.ts'
import { register as requestButtons } from './listeners/request-buttons.ts'
import { register as requestModal } from './listeners/request-modal.ts'
import { register as sharedLink } from './listeners/shared-link.ts'
import { register as storeAccess } from './listeners/store-access.ts'
import { register as threadMessage } from './listeners/thread-message.ts'
import { register as ticketButtons } from './listeners/ticket-buttons.ts'
import { register as ticketPeople } from './listeners/ticket-people.ts'
import { register as wholeMail } from './listeners/whole-mail.ts'
import type { Listening, Log } from './listening.ts'
import type { Own } from './profile.ts'
import { createSpool } from './spool.ts'
import { register as whereabouts } from './whereabouts.ts'

export interface SlackSettings {
  mode: 'socket' | 'http'
  botToken: string
  appToken?: string | undefined
  signingSecret?: string | undefined
  apiUrl?: string | undefined
}

/** The connection to Slack: a client for effects, and an app that hears what people do. */
export interface SlackConnection {
  client: WebClient
  app: App
  own: Own
  /** Answers Slack's signed requests at /slack/events; null in Socket Mode. */
  requestListener: RequestListener | null
  isConnected(): boolean
  /** Up to which moment we have heard all that people said. */
  heardUpTo(): Date
  /** Does what was acknowledged and not done when the last process ended, or the database failed. */
  catchUp(): Promise<void>
  start(): Promise<void>
  stop(): Promise<void>
}

const CALL_TIMEOUT_MS = 15_000

// Bolt waits this long before it replaces a socket, which Slack ends every few hours; clicks fail meanwhile. It is also
// how long a pong may take (bolt: clientPingTimeout, 5 s by itself).
const RECONNECT_MS = 2_000

/** A client that waits for nobody: what is over the limit, late or broken is the lane's business, which remembers it. */
function createClient(settings: SlackSettings, log: Log): WebClient {
  return new WebClient(settings.botToken, { ...clientOptions(settings, log), timeout: CALL_TIMEOUT_MS })
}

/**
 * Builds the Bolt app for either mode; nothing is heard before `start`. Rejects when the token is not accepted. Events that
 * the database is too slow for are kept in `spoolFolder` until it has them.
 */
export async function connectSlack(
  settings: SlackSettings,
  spoolFolder: string,
  log: Log,
  clock: Clock,
): Promise<SlackConnection> {
  const client = createClient(settings, log)
  const own = await ownTeam(client)
  const receiver =
    settings.mode === 'http'
      ? new HTTPReceiver({ signingSecret: settings.signingSecret!, endpoints: '/slack/events', logger: boltLog(log) })
      : new SocketModeReceiver({
          appToken: settings.appToken!,
          logger: boltLog(log),
          clientPingTimeout: RECONNECT_MS,
          // With its own patience: a socket client that gives up once never connects again.
          installerOptions: { clientOptions: settings.apiUrl ? { slackApiUrl: settings.apiUrl } : {} },
        })
  const app = new App({
    token: settings.botToken,
    receiver,
    deferInitialization: true,
    clientOptions: clientOptions(settings, log),
    logger: boltLog(log),
  })
  app.error(async (error) => {
    log.error({ err: error }, 'slack listener')
    throw error // not acknowledged, so Slack sends an event again
  })
  const process = app.processEvent.bind(app)
  const spool = createSpool(spoolFolder, log)
  const heard = createHeard(clock)
  app.processEvent = (event) =>
    processThenAck(event, process, spool).catch((error) => {
      heard.missed()
      throw error
    })
  await app.init()

  let connected = settings.mode === 'http'
  if (receiver instanceof SocketModeReceiver) {
    receiver.client.on('connected', () => {
      connected = true
      heard.began()
    })
    for (const event of ['disconnected', 'reconnecting', 'close'])
      receiver.client.on(event, () => {
        connected = false
        heard.ended()
      })
  }
  return {
    client,
    app,
    own,
    requestListener: receiver instanceof HTTPReceiver ? receiver.requestListener : null,
    isConnected: () => connected,
    heardUpTo: heard.upTo,
    catchUp: () => spool.replay((body) => process({ body, ack: async () => {} })),
    start: async () => {
      if (!(receiver instanceof SocketModeReceiver)) return heard.began()
      await app.start().catch((error) => {
        throw socketProblem(error)
      })
    },
    stop: async () => {
      if (receiver instanceof SocketModeReceiver) await app.stop()
    },
  }
}

/** Puts every listener on the app. */
export function listen(listening: Listening): void {
  for (const register of [
    kin,
    whereabouts,
    articles,
    askForHelp,
    consentButton,
    fromMessage,
    grantAccess,
    heldMail,
    home,
    looseWords,
    mailTrouble,
    myAddresses,
    myLanguage,
    myOrganization,
    notOpened,
    organizationList,
    requestButtons,
    requestModal,
    storeAccess,
    sharedLink,
    threadMessage,
    ticketButtons,
    ticketPeople,
    wholeMail,
  ])
    register(listening)
}

function clientOptions(settings: SlackSettings, log: Log): WebClientOptions {
  return {
    ...(settings.apiUrl ? { slackApiUrl: settings.apiUrl } : {}),
    // By itself the client would retry for half an hour, unseen, and forget it all in a crash.
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    logger: boltLog(log),
  }
}

/** Slack's libraries log through ours; their chatter stays out, and so do tokens. */
function boltLog(log: Log): Logger {
  const say = (message: unknown[]) =>
    message.map((part) => (part instanceof Error ? part.message : String(part))).join(' ')
  return {
    debug: () => {},
    info: () => {},
    warn: (...message) => log.warn({ slack: say(message) }, 'slack'),
    error: (...message) => log.warn({ slack: say(message) }, 'slack'),
    setLevel: () => {},
    getLevel: () => LogLevel.WARN,
    setName: () => {},
  }
}
