import { Refused } from '../refused.ts'
import { botUserObject, userObject } from '../user-objects.ts'
import { type Context, type Json, type Method, page, T2, T3, T4 } from './method.ts'

const include = (args: Json, { workspace }: Context) => ({
  email: workspace.app.scopes.includes('users:read.email'),
  locale: args.include_locale === true,
})

/** users.*, team.info, bots.info */
export const users: Record<string, Method> = {
  'users.info': {
    scopes: ['users:read'],
    required: ['user'],
    booleans: ['include_locale'],
    perMinute: T4,
    run(args, context) {
      const { workspace } = context
      if (args.user === workspace.app.botUserId) return { user: botUserObject(workspace) }
      const person = workspace.person(String(args.user))
      if (!person) throw new Refused('user_not_found')
      return { user: userObject(workspace, person, include(args, context)) }
    },
  },
  'users.list': {
    scopes: ['users:read'],
    booleans: ['include_locale'],
    numbers: ['limit'],
    perMinute: T2,
    run(args, context) {
      const { workspace } = context
      const ours = workspace.people.filter((person) => !workspace.isExternal(person))
      const { items, response_metadata } = page(ours, args, 1000)
      const members = items.map((person) => userObject(workspace, person, include(args, context)))
      return { members: args.cursor ? members : [botUserObject(workspace), ...members], response_metadata }
    },
  },
  'users.lookupByEmail': {
    scopes: ['users:read.email'],
    required: ['email'],
    perMinute: T3,
    run(args, context) {
      const { workspace } = context
      const sought = String(args.email).toLowerCase()
      const person = workspace.people.find(
        (each) => each.email?.toLowerCase() === sought && !each.deleted && !workspace.isExternal(each),
      )
      if (!person) throw new Refused('users_not_found')
      return { user: userObject(workspace, person, include(args, context)) }
    },
  },
  'team.info': {
    scopes: ['team:read'],
    perMinute: T3,
    run(_args, { workspace }) {
      return {
        team: {
          id: workspace.app.teamId,
          name: 'Sandbox',
          domain: 'sandbox',
          url: `${workspace.baseUrl}/`,
          email_domain: '',
        },
      }
    },
  },
  'bots.info': {
    scopes: ['users:read'],
    perMinute: T3,
    run(args, { workspace }) {
      const { app } = workspace
      if (args.bot !== undefined && args.bot !== app.botId) throw new Refused('bot_not_found')
      return {
        bot: {
          id: app.botId,
          deleted: false,
          name: app.name,
          updated: 0,
          app_id: app.appId,
          user_id: app.botUserId,
          icons: {},
        },
      }
    },
  },
}
