import { channelObject, messageObject } from '../objects.ts'
import { invalidArguments, Refused } from '../refused.ts'
import type { Message } from '../types.ts'
import {
  byKind,
  type Context,
  channelFor,
  isReachable,
  type Json,
  type Method,
  memberChannel,
  page,
  T2,
  T3,
  T4,
} from './method.ts'

const PEOPLE_LIMIT = 8 // M/conversations.open

/** conversations.* */
export const conversations: Record<string, Method> = {
  'conversations.open': {
    scopes: (args) => (String(args.users ?? '').includes(',') ? ['mpim:write'] : ['im:write']),
    booleans: ['return_im', 'prevent_creation'],
    perMinute: T3,
    run(args, context) {
      const { workspace } = context
      if (args.channel) {
        const channel = memberChannel(args, context)
        return { no_op: true, already_open: true, channel: { id: channel.id } }
      }
      const ids = String(args.users ?? '')
        .split(',')
        .filter(Boolean)
      if (ids.length === 0) throw invalidArguments('missing required field: users')
      if (ids.length > PEOPLE_LIMIT) throw new Refused('too_many_users')
      for (const id of ids) {
        const person = workspace.person(id)
        if (!person) throw new Refused(id === workspace.app.botUserId ? 'cannot_dm_bot' : 'user_not_found')
        if (person.deleted) throw new Refused('user_disabled')
        if (!isReachable(person, context)) throw new Refused('user_not_visible')
      }
      const { channel, alreadyOpen } = workspace.directMessage([workspace.app.botUserId, ...ids])
      const shown = args.return_im ? channelObject(workspace, channel, workspace.app.botUserId) : { id: channel.id }
      return { ...(alreadyOpen ? { no_op: true, already_open: true } : {}), channel: shown }
    },
  },
  'conversations.info': {
    scopes: byKind('read'),
    required: ['channel'],
    booleans: ['include_locale', 'include_num_members'],
    perMinute: T3,
    run: (args, context) => ({
      channel: channelObject(context.workspace, channelFor(args, context), context.workspace.app.botUserId),
    }),
  },
  'conversations.members': {
    scopes: byKind('read'),
    required: ['channel'],
    numbers: ['limit'],
    perMinute: T4,
    run(args, context) {
      const { items, response_metadata } = page(channelFor(args, context).members, args, 1000)
      return { members: items, response_metadata }
    },
  },
  'conversations.list': {
    scopes: (args) =>
      String(args.types ?? 'public_channel') === 'private_channel'
        ? ['groups:read']
        : ['channels:read', 'groups:read', 'im:read'],
    numbers: ['limit'],
    booleans: ['exclude_archived'],
    perMinute: T2,
    run(args, context) {
      const { workspace } = context
      const wanted = String(args.types ?? 'public_channel').split(',')
      const type = { public: 'public_channel', private: 'private_channel', im: 'im', mpim: 'mpim' } as const
      const seen = workspace.channels
        .filter((channel) => wanted.includes(type[channel.kind]) && !(args.exclude_archived && channel.archived))
        .filter((channel) => channel.kind === 'public' || channel.members.includes(workspace.app.botUserId))
      const { items, response_metadata } = page(seen, args, 1000)
      return {
        channels: items.map((channel) => channelObject(workspace, channel, workspace.app.botUserId)),
        response_metadata,
      }
    },
  },
  'conversations.join': {
    scopes: ['channels:join'],
    required: ['channel'],
    perMinute: T3,
    run(args, context) {
      const { workspace } = context
      const channel = channelFor(args, context)
      if (channel.kind !== 'public') throw new Refused('method_not_supported_for_channel_type')
      if (channel.archived) throw new Refused('is_archived')
      if (!channel.members.includes(workspace.app.botUserId)) {
        channel.members.push(workspace.app.botUserId)
        context.events.joined(channel, workspace.app.botUserId)
        workspace.changed()
      }
      return { channel: channelObject(workspace, channel, workspace.app.botUserId) }
    },
  },
  'conversations.history': {
    scopes: byKind('history'),
    required: ['channel'],
    numbers: ['limit'],
    booleans: ['inclusive', 'include_all_metadata'],
    perMinute: T3,
    run(args, context) {
      const channel = memberChannel(args, context)
      const timeline = context.workspace
        .messages(channel.id)
        .filter((message) => message.threadTs === undefined || message.threadTs === message.ts || message.broadcast)
      return listed(timeline.toReversed(), args, context)
    },
  },
  'conversations.replies': {
    scopes: byKind('history'),
    required: ['channel', 'ts'],
    numbers: ['limit'],
    booleans: ['inclusive', 'include_all_metadata'],
    perMinute: T3,
    run(args, context) {
      const channel = memberChannel(args, context)
      const asked = context.workspace.message(channel.id, String(args.ts))
      if (!asked) throw new Refused('thread_not_found')
      const root = asked.threadTs ?? asked.ts
      const thread = context.workspace
        .messages(channel.id)
        .filter((message) => message.ts === root || message.threadTs === root)
      return listed(thread, args, context)
    },
  },
}

function listed(messages: Message[], args: Json, { workspace }: Context): Json {
  const [oldest, latest] = [Number(args.oldest ?? 0), Number(args.latest ?? Number.POSITIVE_INFINITY)]
  const within = (message: Message) => {
    const at = Number(message.ts)
    return args.inclusive ? at >= oldest && at <= latest : at > oldest && at < latest
  }
  const { items, response_metadata } = page(messages.filter(within), args, 1000)
  return {
    messages: items.map((message) => ({
      ...messageObject(workspace, message),
      ...(message.metadata && args.include_all_metadata ? { metadata: message.metadata } : {}),
    })),
    has_more: response_metadata.next_cursor !== '',
    response_metadata,
  }
}
