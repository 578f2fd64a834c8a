import type { Events } from '../events.ts'
import type { Views } from '../modals.ts'
import type { Posts } from '../posts.ts'
import { Refused } from '../refused.ts'
import type { SocketMode } from '../socket.ts'
import type { Workspace } from '../store.ts'
import type { Channel, Person } from '../types.ts'

export type Json = Record<string, unknown>

/** What a method works with. */
export interface Context {
  workspace: Workspace
  posts: Posts
  views: Views
  events: Events
  socket: SocketMode | undefined
  /** Addresses given by files.getUploadURLExternal, by their secret. */
  uploads: Map<string, Upload>
}

export interface Upload {
  fileId: string
  filename: string
  length: number
  bytes?: Buffer
}

/** One Web API method: what it asks of the caller, and what it does. `run` answers what stands beside `ok: true`. */
export interface Method {
  /** Which token: the app-level one is for apps.connections.open alone; 'none' may come without. */
  token?: 'app' | 'none'
  /** Scopes, any one of which is enough; a function where they depend on the channel. */
  scopes?: string[] | ((args: Json, context: Context) => string[])
  required?: string[]
  /** Arguments that come as JSON text in a form. */
  json?: string[]
  booleans?: string[]
  numbers?: string[]
  /** Calls a minute that Slack promises (/apis/web-api/rate-limits); absent: not limited here. */
  perMinute?: number
  run(args: Json, context: Context): Json | Promise<Json>
}

export const T2 = 20
export const T3 = 50
export const T4 = 100

/** The channel with this id as the app sees it: a private one it is not in does not exist for it. */
export function channelFor(args: Json, { workspace }: Context): Channel {
  const channel = workspace.channel(String(args.channel))
  if (!channel) throw new Refused('channel_not_found')
  const isIn = channel.members.includes(workspace.app.botUserId)
  if (!isIn && channel.kind !== 'public') throw new Refused('channel_not_found')
  return channel
}

/** The same, and the app must be a member. */
export function memberChannel(args: Json, context: Context): Channel {
  const channel = channelFor(args, context)
  if (!channel.members.includes(context.workspace.app.botUserId)) throw new Refused('not_in_channel')
  return channel
}

/** Scopes by the channel's kind: channels:read, groups:read, im:read, mpim:read. */
export function byKind(what: 'read' | 'history') {
  return (args: Json, { workspace }: Context): string[] => {
    const kind = workspace.channel(String(args.channel))?.kind ?? 'public'
    return [`${{ public: 'channels', private: 'groups', im: 'im', mpim: 'mpim' }[kind]}:${what}`]
  }
}

/**
 * Whether the app can write to somebody: everybody of the workspace, outsiders only while a channel is shared, and nobody
 * who may not be written to by apps. A conversation with the app alone is no shared channel.
 */
export function isReachable(person: Person, { workspace }: Context): boolean {
  if (person.noAppDms) return false
  if (!workspace.isExternal(person)) return true
  return workspace.channels.some(
    (channel) =>
      (channel.kind === 'public' || channel.kind === 'private') &&
      channel.members.includes(person.id) &&
      channel.members.includes(workspace.app.botUserId),
  )
}

/** A page of a list, by Slack's cursors (an opaque word; here the offset in base64). */
export function page<T>(
  items: T[],
  args: Json,
  most: number,
): { items: T[]; response_metadata: { next_cursor: string } } {
  const limit = args.limit === undefined ? Math.min(100, most) : Number(args.limit)
  if (!Number.isInteger(limit) || limit < 1 || limit > most) throw new Refused('invalid_limit')
  const from = args.cursor ? Number(Buffer.from(String(args.cursor), 'base64').toString().replace('next:', '')) : 0
  if (!Number.isInteger(from)) throw new Refused('invalid_cursor')
  const next = from + limit < items.length ? Buffer.from(`next:${from + limit}`).toString('base64') : ''
  return { items: items.slice(from, from + limit), response_metadata: { next_cursor: next } }
}
