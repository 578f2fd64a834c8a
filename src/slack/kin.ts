import type { App } from '@slack/bolt'
import type { Listening } from './listening.ts'
import { isOurs } from './profile.ts'

/**
 * Names members of other workspaces of our own Enterprise organization as members of ours, before anybody listens: Slack
 * names now the one, now the other (a command the workspace it was typed in, a button its presser's), and a person is one.
 */
export function register({
  app,
  own,
  profiles,
  log,
}: Pick<Listening, 'own' | 'profiles' | 'log'> & { app: App }): void {
  if (own.enterpriseId === null) return
  app.use(async ({ body, next }) => {
    const { user } = body as { user?: { id: string; team_id?: string } }
    if (user?.team_id && user.team_id !== own.teamId) {
      const profile = await profiles(user.id).catch((error) => {
        log.warn({ err: error }, 'who pressed could not be asked of Slack: taken for somebody from outside')
        return null
      })
      if (profile && isOurs(own, { userId: user.id, teamId: user.team_id }, profile)) user.team_id = own.teamId
    }
    await next()
  })
}
