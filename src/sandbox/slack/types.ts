/**
 * What the Slack stand-in knows, in the shapes it hands out: to tests (`stand-in.state`) and, as JSON, to the sandbox page.
 * Names are Slack's own (docs.slack.dev/reference/objects) wherever Slack has one.
 */

/** Any Block Kit block, element or object, as the app sent it (already validated). */
export type Block = { type: string; block_id?: string; [property: string]: unknown }

/** Somebody with a Slack account. `teamId` other than the workspace's own = an external (Slack Connect) person. */
export interface Person {
  id: string
  name: string
  realName: string
  email?: string
  /** '': Slack does not say. */
  tz: string
  locale: string
  teamId?: string
  /** Of a workspace of this Enterprise organization. */
  enterpriseId?: string
  /** A guest: in the channels an admin put them into. */
  isRestricted?: boolean
  /** A guest of one channel. */
  isUltraRestricted?: boolean
  /** Apps may write them no direct messages: their own organisation, or its admin, said so. */
  noAppDms?: boolean
  /** False: they never followed the link in the mail that Slack sent to this address. */
  emailConfirmed?: boolean
  /** Deactivated: can do nothing, and no message reaches them. */
  deleted?: boolean
  /** May delete other people's messages, and the app's. */
  isAdmin?: boolean
  /** A data: or http URL; the page may draw initials when it is absent. */
  image?: string
}

export interface Channel {
  id: string
  /** Without '#'. Empty for a direct message. */
  name: string
  kind: 'public' | 'private' | 'im' | 'mpim'
  members: string[]
  topic?: string
  archived?: boolean
  createdAt: number
}

/** A file as the stand-in keeps it; its bytes lie beside the state file (or in memory without one). */
export interface SlackFile {
  id: string
  name: string
  title: string
  mimetype: string
  size: number
  /** The person or bot that uploaded it. */
  user: string
  createdAt: number
  channels: string[]
  /** The app may read it: shared in a channel the bot is in, or given in a modal. */
  sharedWithApp: boolean
  sha256: string
}

export interface Reaction {
  name: string
  users: string[]
}

export interface Message {
  ts: string
  channel: string
  /** The author: a person's id, or the bot's user id. */
  user: string
  botId?: string
  appId?: string
  /** As Slack keeps it: & < > escaped. */
  text: string
  blocks?: Block[]
  attachments?: unknown[]
  files?: string[]
  threadTs?: string
  metadata?: { event_type: string; event_payload: Record<string, unknown> }
  edited?: { user: string; ts: string }
  reactions?: Reaction[]
  subtype?: string
  /** Shown in the channel as well as in the thread. */
  broadcast?: boolean
}

/** A message as a person sees it: with its author, its files and, for a parent, its replies counted. */
export interface SeenMessage extends Message {
  author: { id: string; name: string; isBot: boolean; image?: string }
  fileObjects: SlackFile[]
  replyCount: number
  replyUsers: string[]
  latestReply?: string
  ephemeral?: boolean
  /** What this viewer has chosen in stateful elements of the message, by block_id and action_id. */
  values: ViewValues
}

/** One stateful element's value, as it stands in `view.state.values` (interaction-payloads/view-interactions-payload). */
export type StateValue = { type: string; [property: string]: unknown }
export type ViewValues = Record<string, Record<string, StateValue>>

/** A view that exists: a modal page of one person's stack, or a person's Home. */
export interface View {
  id: string
  type: 'modal' | 'home'
  userId: string
  hash: string
  rootViewId: string
  previousViewId: string | null
  callbackId: string
  externalId: string
  privateMetadata: string
  title?: Block
  submit?: Block
  close?: Block
  blocks: Block[]
  clearOnClose: boolean
  notifyOnClose: boolean
  submitDisabled: boolean
  values: ViewValues
}

/** The top of a person's modal, with what the client draws around it. */
export interface OpenModal {
  view: View
  /** How many views lie on the stack (1 to 3). */
  depth: number
  /** Under which block which error stands, from the app's answer or from the client's own checks. */
  errors: Record<string, string>
  /** The generic error line, e.g. "We had some trouble connecting. Try again?" */
  banner?: string
}

/** A short text the client shows once, outside any channel: a failed command, a click that met no app. */
export interface Notice {
  id: string
  userId: string
  text: string
  error: string
  at: number
}

/** Everything one person has on screen. What `GET ui/state?user=` answers. */
export interface Screen {
  me: Person
  now: number
  app: AppCard
  people: Person[]
  channels: SeenChannel[]
  modal: OpenModal | null
  home: View | null
  notices: Notice[]
}

export interface SeenChannel extends Channel {
  /** For a direct message: the other side. */
  with?: { id: string; name: string; isBot: boolean }
  latestTs?: string
  /** Messages after what this person has last opened (`people.read`). */
  unread: number
}

export interface AppCard {
  id: string
  name: string
  botUserId: string
  botId: string
  teamId: string
  commands: { command: string; description: string }[]
  shortcuts: { type: 'global' | 'message'; name: string; callbackId: string }[]
  /** The app has a live Socket Mode connection, or a request URL. */
  connected: boolean
}

/** What a person sees after doing something. `error` is Slack's code, `says` the words its client shows. */
export type Outcome<T = object> = ({ ok: true } & T) | { ok: false; error: string; says: string }

/** What a person sees after pressing the submit button. `errors`: by block_id, from the app or from the client itself. */
export type SubmitOutcome =
  | { ok: true; next: 'closed' | 'updated' | 'pushed' }
  | { ok: false; error: string; says: string; errors?: Record<string, string> }

/** What a person puts into a stateful element, in the simplest form that says it:
 * text, an option's value, a list of option values, a date, a user id, file ids; null empties it. */
export type InputValue = string | number | string[] | null

/** Where a click happens. A message target needs the channel; ephemerals are found by their ts as well. */
export type ClickTarget = { channelId: string; ts: string } | { viewId: string }

/** One Web API call as the stand-in answered it. */
export interface ApiCall {
  method: string
  args: Record<string, unknown>
  token: 'bot' | 'app' | 'none' | 'other'
  ok: boolean
  error?: string
  status: number
  at: number
}

/** One payload sent to the app and how it was acknowledged. */
export interface Delivery {
  id: string
  kind: 'events_api' | 'interactive' | 'slash_commands'
  /** `event.type`, the interaction's `type`, or the command. */
  name: string
  payload: Record<string, unknown>
  attempt: number
  at: number
  /** Real milliseconds until the acknowledgement; absent while waiting or when none came. */
  ackMs?: number
  ack?: unknown
  error?: string
}
