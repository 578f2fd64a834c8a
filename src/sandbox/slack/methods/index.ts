import { invalidArguments, Refused } from '../refused.ts'
import { blockProblems } from '../validate/blocks.ts'
import { viewProblems } from '../validate/views.ts'
import { chat } from './chat.ts'
import { conversations } from './conversations.ts'
import { files } from './files.ts'
import { type Json, type Method, memberChannel, T3, T4 } from './method.ts'
import { users } from './users.ts'
import { views } from './views.ts'

/** Every Web API method the stand-in knows; any other is `unknown_method`. */
export const METHODS: Record<string, Method> = {
  ...chat,
  ...conversations,
  ...files,
  ...users,
  ...views,
  'api.test': {
    token: 'none',
    run(args) {
      if (args.error) throw new Refused(String(args.error), { args })
      return { args }
    },
  },
  'auth.test': {
    run(_args, { workspace }) {
      const { app } = workspace
      const who = { user: app.name.toLowerCase(), user_id: app.botUserId, bot_id: app.botId }
      return {
        url: `${workspace.baseUrl}/`,
        team: 'Sandbox',
        team_id: app.teamId,
        ...(app.enterpriseId ? { enterprise_id: app.enterpriseId } : {}),
        ...who,
        is_enterprise_install: false,
      }
    },
  },
  'apps.connections.open': {
    token: 'app',
    run(_args, { socket }) {
      if (!socket) throw new Refused('socket_mode_not_enabled')
      return { url: socket.newUrl() }
    },
  },
  'reactions.add': {
    scopes: ['reactions:write'],
    required: ['channel', 'name', 'timestamp'],
    perMinute: T3,
    run(args, context) {
      const { message, me } = reacted(args, context)
      const reaction = message.reactions?.find((each) => each.name === args.name)
      if (reaction?.users.includes(me)) throw new Refused('already_reacted')
      if (reaction) reaction.users.push(me)
      else message.reactions = [...(message.reactions ?? []), { name: String(args.name), users: [me] }]
      context.events.reaction('reaction_added', me, message, String(args.name))
      context.workspace.changed()
      return {}
    },
  },
  'reactions.remove': {
    scopes: ['reactions:write'],
    required: ['name', 'channel', 'timestamp'],
    perMinute: T3,
    run(args, context) {
      const { message, me } = reacted(args, context)
      const reaction = message.reactions?.find((each) => each.name === args.name)
      if (!reaction?.users.includes(me)) throw new Refused('no_reaction')
      reaction.users = reaction.users.filter((id) => id !== me)
      message.reactions = (message.reactions ?? []).filter((each) => each.users.length > 0)
      context.events.reaction('reaction_removed', me, message, String(args.name))
      context.workspace.changed()
      return {}
    },
  },
  /** The public validator of 2026: exactly one of blocks, view, message. Like the real one it does not miss a top-level text. */
  'blocks.validate': {
    token: 'none',
    json: ['blocks', 'view', 'message'],
    perMinute: T4,
    run(args) {
      const given = ['blocks', 'view', 'message'].filter((name) => args[name] !== undefined)
      if (given.length !== 1) throw invalidArguments('must provide exactly one of `blocks`, `view` or `message`')
      const view = args.view as Json | undefined
      const type = view?.type === 'home' ? 'home' : 'modal'
      const blocks = args.blocks ?? (args.message as Json | undefined)?.blocks
      const errors = view ? viewProblems(view, type) : blockProblems(blocks, 'message', '/blocks')
      if (errors.length > 0) throw new Refused('invalid_blocks', { errors })
      return {}
    },
  },
}

function reacted(args: Json, context: Parameters<Method['run']>[1]) {
  const channel = memberChannel(args, context)
  const message = context.workspace.message(channel.id, String(args.timestamp))
  if (!message) throw new Refused('message_not_found')
  return { message, me: context.workspace.app.botUserId }
}
