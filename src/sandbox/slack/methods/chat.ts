import { linksTo } from '../events.ts'
import { messageObject } from '../objects.ts'
import { Refused } from '../refused.ts'
import type { Block, Channel, Message } from '../types.ts'
import { checkMessage } from '../validate/messages.ts'
import { type Context, isReachable, type Json, type Method, memberChannel, T3, T4 } from './method.ts'

const TEXT_CUT_AT = 40_000 // M/chat.postMessage: longer is truncated, not refused
const UPDATE_TEXT_LIMIT = 4000 // M/chat.update: msg_too_long

const JSON_ARGUMENTS = ['blocks', 'attachments', 'metadata']
const BOOLEANS = ['reply_broadcast', 'unfurl_links', 'unfurl_media', 'mrkdwn', 'link_names', 'include_all_metadata']

/** chat.* (docs.slack.dev/reference/methods/chat.postMessage and its siblings). */
export const chat: Record<string, Method> = {
  'chat.postMessage': {
    scopes: ['chat:write'],
    required: ['channel'],
    json: JSON_ARGUMENTS,
    booleans: BOOLEANS,
    run(args, context) {
      checkMessage(args)
      const channel = target(args, context)
      const threadTs = thread(args, channel, context)
      const message = context.posts.byApp(channel.id, {
        text: String(args.markdown_text ?? args.text ?? '').slice(0, TEXT_CUT_AT),
        blocks: args.blocks as Block[] | undefined,
        attachments: args.attachments as unknown[] | undefined,
        metadata: given(args.metadata) ? (args.metadata as Message['metadata']) : undefined,
        threadTs,
        broadcast: threadTs !== undefined && args.reply_broadcast === true,
      })
      return { channel: channel.id, ts: message.ts, message: messageObject(context.workspace, message) }
    },
  },
  'chat.update': {
    scopes: ['chat:write'],
    required: ['channel', 'ts'],
    json: JSON_ARGUMENTS,
    booleans: BOOLEANS,
    perMinute: T3,
    run(args, context) {
      const message = own(args, context, 'cant_update_message')
      const says = args.text ?? args.markdown_text
      if (says === undefined && args.blocks === undefined && args.attachments === undefined)
        throw new Refused('no_text')
      if (String(says ?? '').length > UPDATE_TEXT_LIMIT) throw new Refused('msg_too_long')
      if (given(args.blocks) || given(args.attachments) || given(args.metadata))
        checkMessage({ ...args, text: says ?? 'kept' })
      const text = says === undefined ? message.text : String(says)
      // Text without blocks removes the blocks; neither keeps them; an empty list removes them.
      const keepsBlocks = args.blocks === undefined && says === undefined
      const blocks = keepsBlocks ? (message.blocks ?? []) : ((args.blocks ?? []) as Block[])
      if (text === '' && blocks.length === 0 && !given(args.attachments ?? message.attachments))
        throw new Refused('no_text')
      if (args.attachments !== undefined) message.attachments = args.attachments as unknown[]
      if (args.metadata !== undefined) {
        if (given(args.metadata)) message.metadata = args.metadata as NonNullable<Message['metadata']>
        else delete message.metadata
      }
      context.posts.change(message, { text, blocks, marked: blocks.length === 0 }, message.user)
      const seen = messageObject(context.workspace, message)
      return { channel: message.channel, ts: message.ts, text: message.text, message: seen }
    },
  },
  'chat.delete': {
    scopes: ['chat:write'],
    required: ['channel', 'ts'],
    perMinute: T3,
    run(args, context) {
      const message = own(args, context, 'cant_delete_message')
      context.posts.delete(message)
      return { channel: message.channel, ts: message.ts }
    },
  },
  'chat.postEphemeral': {
    scopes: ['chat:write'],
    required: ['channel', 'user'],
    json: JSON_ARGUMENTS,
    booleans: BOOLEANS,
    perMinute: T4,
    run(args, context) {
      checkMessage(args)
      const channel = writable(memberChannel(args, context), context)
      if (!channel.members.includes(String(args.user))) throw new Refused('user_not_in_channel')
      const message_ts = context.posts.ephemeral(channel.id, String(args.user), {
        text: String(args.markdown_text ?? args.text ?? '').slice(0, TEXT_CUT_AT),
        blocks: args.blocks as Block[] | undefined,
        threadTs: args.thread_ts as string | undefined,
      })
      return { message_ts }
    },
  },
  'chat.unfurl': {
    scopes: ['links:write'],
    json: ['unfurls'],
    perMinute: T3,
    run(args, context) {
      const { workspace } = context
      for (const name of ['channel', 'ts', 'unfurls'] as const)
        if (!given(args[name])) throw new Refused(`missing_${name}`)
      const unfurls = args.unfurls as Record<string, Json>
      if (typeof unfurls !== 'object' || Array.isArray(unfurls)) throw new Refused('invalid_unfurls_format')
      const message = workspace.message(String(args.channel), String(args.ts))
      if (!workspace.channel(String(args.channel))) throw new Refused('cannot_find_channel')
      if (!message) throw new Refused('cannot_find_message')
      const links = linksTo(workspace.app.unfurlDomains ?? [], message.text)
      for (const [url, unfurled] of Object.entries(unfurls)) {
        if (!links.some((link) => link.url === url)) throw new Refused('cannot_unfurl_url')
        checkMessage({ ...unfurled, text: 'unfurled' })
      }
      const before = messageObject(workspace, message)
      const shown = Object.entries(unfurls).map(([url, unfurled]) => ({ from_url: url, ...unfurled }))
      message.attachments = [...(message.attachments ?? []), ...shown]
      context.events.changed(before, message)
      workspace.changed()
      return {}
    },
  },
  'chat.getPermalink': {
    required: ['channel', 'message_ts'],
    run(args, context) {
      const channel = memberChannel(args, context)
      const message = context.workspace.message(channel.id, String(args.message_ts))
      if (!message) throw new Refused('message_not_found')
      const link = `${context.workspace.baseUrl}/archives/${channel.id}/p${message.ts.replace('.', '')}`
      const inThread = message.threadTs ? `?thread_ts=${message.threadTs}&cid=${channel.id}` : ''
      return { channel: channel.id, permalink: link + inThread }
    },
  },
}

/** Where a message goes: a channel the app is in, or a person's direct message. */
function target(args: Json, context: Context): Channel {
  const { workspace } = context
  const person = workspace.person(String(args.channel))
  if (person) {
    if (person.deleted || !isReachable(person, context)) throw new Refused('channel_not_found')
    return writable(workspace.directMessage([workspace.app.botUserId, person.id]).channel, context)
  }
  const named = workspace.channels.find((channel) => channel.name !== '' && `#${channel.name}` === args.channel)
  const sought = named ? { ...args, channel: named.id } : args
  const open = workspace.app.scopes.includes('chat:write.public')
  const channel = workspace.channel(String(sought.channel))
  return writable(open && channel?.kind === 'public' ? channel : memberChannel(sought, context), context)
}

function writable(channel: Channel, context: Context): Channel {
  const { workspace } = context
  if (channel.kind === 'im' && workspace.app.messagesTab === false) throw new Refused('messages_tab_disabled')
  const others = channel.kind === 'im' ? channel.members.map((id) => workspace.person(id)) : []
  // An opened conversation does not outlive the channel that was shared with them.
  if (others.some((person) => person && !isReachable(person, context))) throw new Refused('channel_not_found')
  if (channel.archived) throw new Refused('is_archived')
  return channel
}

/** thread_ts must be a parent's ts, never a reply's (M/chat.postMessage). */
/** The parent that `thread_ts` names; undefined where it names none. */
export function thread(args: Json, channel: Channel, { workspace }: Context): string | undefined {
  if (args.thread_ts === undefined || args.thread_ts === '') return undefined
  const parent = workspace.message(channel.id, String(args.thread_ts))
  if (!parent || parent.subtype === 'tombstone') throw new Refused('thread_not_found')
  if (parent.threadTs !== undefined && parent.threadTs !== parent.ts) throw new Refused('invalid_thread_ts')
  return parent.ts
}

/** The app's own message; an ephemeral is not found, somebody else's is refused with `refusal`. */
function own(args: Json, context: Context, refusal: string): Message {
  const channel = memberChannel(args, context)
  const message = context.workspace.message(channel.id, String(args.ts))
  if (!message || message.subtype === 'tombstone') throw new Refused('message_not_found')
  if (message.botId !== context.workspace.app.botId) throw new Refused(refusal)
  return message
}

function given(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return false
  return Array.isArray(value) ? value.length > 0 : typeof value !== 'object' || Object.keys(value).length > 0
}
