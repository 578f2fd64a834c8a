import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Clock } from '../../clock.ts'
import { Clicks } from './clicks.ts'
import { Client } from './client.ts'
import { SignedHttp } from './deliver-http.ts'
import { Outbox } from './delivery.ts'
import { Events } from './events.ts'
import { Interactions } from './interactions.ts'
import type { Context } from './methods/method.ts'
import { Views } from './modals.ts'
import type { People } from './people.ts'
import { Posts } from './posts.ts'
import { Refused } from './refused.ts'
import { ResponseUrls } from './response-urls.ts'
import { route } from './routes.ts'
import { stateOf } from './screen.ts'
import { SocketMode } from './socket.ts'
import { Workspace } from './store.ts'
import { Submissions } from './submissions.ts'
import { Triggers } from './triggers.ts'
import type {
  ApiCall,
  Channel,
  Delivery,
  Message,
  Notice,
  OpenModal,
  Person,
  Screen,
  SeenChannel,
  SeenMessage,
  SlackFile,
  View,
} from './types.ts'
import { send, WebApi } from './web-api.ts'

/** The app as it is registered with Slack: what its manifest and its installation would say. */
export interface AppSettings {
  appId: string
  name: string
  botToken: string
  appToken: string
  signingSecret: string
  botUserId: string
  botId?: string
  teamId: string
  /** The Enterprise organization that the workspace is one of. */
  enterpriseId?: string
  /**
   * "Multi-channel guests may use app slash commands and shortcuts" (slack.com/help/articles/1500009181142); those of one
   * channel never may.
   */
  guestCommands?: boolean
  /** Set: payloads go there by signed HTTP POST. Absent: Socket Mode. */
  requestUrl?: string
  commands: { command: string; description: string }[]
  shortcuts: { type: 'global' | 'message'; name: string; callbackId: string }[]
  /** Event types as in the manifest: message.channels, message.im, app_home_opened … */
  events: string[]
  scopes: string[]
  /** Hosts whose links the app is told of and may unfurl. */
  unfurlDomains?: string[]
  /** The manifest's home_tab_enabled and messages_tab_enabled; true unless said otherwise. */
  homeTab?: boolean
  messagesTab?: boolean
}

export interface StandInOptions {
  clock: Clock
  /** Where `handle` is mounted, without a trailing slash: http://127.0.0.1:3000/sandbox/slack */
  baseUrl: string
  /** JSON snapshot, loaded at start and written atomically; file bytes lie in a folder beside it. */
  stateFile?: string
  app: AppSettings
  /** Who and what exists on the first start; later starts add what the state file does not have yet. */
  people: Person[]
  channels: { id: string; name: string; isPrivate: boolean; members: string[]; topic?: string }[]
  /** 'strict' (the default) keeps Slack's one message a second per channel; 'off' lets a test post freely. */
  pace?: 'strict' | 'off'
  /** Real milliseconds, as Slack has them; tests that show a missed acknowledgement make them shorter. */
  timing?: Partial<Timing>
}

export interface Timing {
  /** How long the app may take to acknowledge (3000). */
  ackMs: number
  /** Between redeliveries of an unacknowledged event over Socket Mode (4000, bolt-js#2487). */
  socketRetryMs: number
  /** Before the 1st, 2nd, 3rd retry over HTTP (0, 60 000, 300 000; /apis/events-api). */
  httpRetryMs: number[]
}

export interface State {
  people(): Person[]
  /** Channels `userId` is a member of, direct messages included, the latest activity first. */
  channels(userId: string): SeenChannel[]
  channel(channelId: string): Channel | undefined
  /** Oldest first; without threadTs the channel's main timeline, with it the parent and its replies; ephemerals of the viewer included. */
  messages(channelId: string, options?: { viewer?: string; threadTs?: string }): SeenMessage[]
  /** Every message of a channel, replies included, as stored, oldest first. */
  all(channelId: string): Message[]
  modal(userId: string): OpenModal | null
  home(userId: string): View | null
  ephemerals(userId: string): SeenMessage[]
  file(fileId: string): SlackFile | undefined
  fileBytes(fileId: string): Promise<Buffer | undefined>
  notices(userId: string): Notice[]
  screen(userId: string): Screen
  /** Who the app's messages of a channel would ring for: '!channel', '@U…' (mentions.ts). */
  mentions(channelId: string): string[]
  /** The direct message between a person and the app, if it was ever opened. */
  dm(userId: string): Channel | undefined
}

/** What to do to the next calls of a Web API method ('*' = any). */
export interface Fault {
  /** Answer this Slack error instead of doing anything. */
  error?: string
  /** Answer this HTTP status instead of doing anything. */
  status?: number
  /** Answer 429 with Retry-After, in seconds. */
  retryAfter?: number
  /** Keep the caller waiting so long (real milliseconds), then go on normally. */
  hangMs?: number
  /** Do it, then cut the connection before the answer: what a timeout looks like from the app. */
  acceptThenDrop?: boolean
  /** How many calls (1). */
  times?: number
}

export interface Faults {
  fail(method: string, fault: Fault): void
  /** Sends the last n event payloads again as Slack's retry would: same event_id, retry number and reason. Resolves when acknowledged. */
  redeliver(n?: number): Promise<void>
  /** Cuts every Socket Mode connection without a word. */
  dropSockets(): void
  /** Says `disconnect` with reason refresh_requested to every connection, as Slack does every few hours. */
  refreshSockets(): void
  /** Removes every fault that is still waiting. */
  clear(): void
}

export interface SlackStandIn {
  /** True when the path was below baseUrl's path and has been answered. */
  handle(req: IncomingMessage, res: ServerResponse): Promise<boolean>
  /** True when the request was for the Socket Mode websocket and has been taken over. */
  upgrade(req: IncomingMessage, socket: Duplex, head: Buffer): boolean
  close(): Promise<void>
  apiUrl: string
  people: People
  state: State
  faults: Faults
  log: { calls: ApiCall[]; deliveries: Delivery[]; clear(): void }
  /** Asks the request URL to answer a challenge, as Slack does before it saves one; false in Socket Mode. */
  verifyRequestUrl(): Promise<boolean>
  /** Resolves when every payload sent so far is acknowledged (or given up) and no Web API call is in progress. */
  settled(): Promise<void>
  /** Calls `listener` after anything a person could see has changed; the answer takes it off again. */
  onChange(listener: () => void): () => void
}

const SLACKS_TIMING: Timing = { ackMs: 3000, socketRetryMs: 4000, httpRetryMs: [0, 60_000, 300_000] }

/**
 * A Slack workspace with one app installed, speaking Slack's real protocol to it. Binds no port: hand requests to `handle`
 * and websockets to `upgrade`. Bolt is told `clientOptions: { slackApiUrl: standIn.apiUrl }`, and for Socket Mode the same
 * in `installerOptions.clientOptions`, from which its socket client takes the address of apps.connections.open.
 */
export async function startSlackStandIn(options: StandInOptions): Promise<SlackStandIn> {
  const workspace = new Workspace(options)
  const { app } = workspace
  const socket = app.requestUrl ? undefined : new SocketMode(workspace, () => outbox.flush())
  const http = new SignedHttp(workspace, app.requestUrl ?? '')
  const transport = socket ?? http
  const outbox = new Outbox(workspace, transport, { ...SLACKS_TIMING, ...options.timing })
  const triggers = new Triggers(workspace.clock, () => `${workspace.seconds()}.${app.teamId}.${workspace.secret()}`)
  const events = new Events(workspace, outbox)
  const posts = new Posts(workspace, events)
  const responseUrls = new ResponseUrls(workspace, posts)
  const views = new Views(workspace, triggers)
  const interactions = new Interactions(workspace, outbox, triggers, responseUrls)
  const context: Context = { workspace, posts, views, events, socket, uploads: new Map() }
  const api = new WebApi(context, options.pace ?? 'strict')
  const client = new Client(workspace, interactions, posts, events)
  const clicks = new Clicks(workspace, interactions, views)
  const submissions = new Submissions(workspace, interactions, views, clicks)
  const prefix = new URL(workspace.baseUrl).pathname.replace(/\/$/, '')

  const stand: SlackStandIn = {
    handle: async (req, res) => {
      const { pathname } = new URL(req.url ?? '/', workspace.baseUrl)
      if (!pathname.startsWith(`${prefix}/`)) return false
      try {
        await route({ stand, workspace, context, api, responseUrls }, pathname.slice(prefix.length + 1), req, res)
      } catch (error) {
        const status = error instanceof Refused ? error.status : 500
        if (!res.headersSent) send(res, status, { ok: false, error: (error as Error).message })
        else res.destroy()
      }
      return true
    },
    upgrade: (req, upgraded, head) => socket?.upgrade(req, upgraded, head) ?? false,
    async close() {
      outbox.close()
      await transport.close()
      await workspace.close()
    },
    apiUrl: `${workspace.baseUrl}/api/`,
    people: whole(client, clicks, submissions),
    state: stateOf(workspace, () => outbox.connected),
    faults: {
      fail: (method, fault) => void api.faults.push({ method, fault, left: fault.times ?? 1 }),
      redeliver: (n = 1) => outbox.redeliver(n),
      dropSockets: () => socket?.drop(),
      refreshSockets: () => socket?.refresh(),
      clear: () => void api.faults.splice(0),
    },
    log: {
      calls: api.calls,
      deliveries: outbox.deliveries,
      clear() {
        api.calls.splice(0)
        outbox.deliveries.splice(0)
      },
    },
    verifyRequestUrl: async () => !socket && http.verifyUrl(),
    async settled() {
      // Twice in a row, so that what an acknowledged handler starts next is seen as well.
      for (let quiet = 0; quiet < 3; quiet++) {
        await new Promise((resolve) => setTimeout(resolve, 5))
        if (outbox.busy || api.busy) quiet = -1
      }
    },
    onChange: (listener) => workspace.onChange(listener),
  }
  outbox.flush()
  return stand
}

/** One object with everything a person can do, whichever part of the client does it. */
function whole(...parts: object[]): People {
  const methods = parts.flatMap((part) =>
    Object.getOwnPropertyNames(Object.getPrototypeOf(part)).map((name) => [
      name,
      (part as Record<string, CallableFunction>)[name]?.bind(part),
    ]),
  )
  return Object.fromEntries(methods) as People
}
