import type { BlockAction, BlockElementAction } from '@slack/bolt'
import { z } from 'zod'
import { filters, freshView, type HistoryView, scopes, searchOf } from '../../ticket/history.ts'
import { HOME_PATIENCE_MS } from '../home.ts'
import { inTime } from '../in-time.ts'
import { explain, type Listening, userOf } from '../listening.ts'
import { homeLoading } from '../views/home.ts'
import { problemModal } from '../views/small-modals.ts'

const edge = z.object({ side: z.enum(['after', 'before']), at: z.number(), id: z.number().int() })

/** The App Home: drawn whenever it is opened, and again for everything its reader chooses; effects keep it up to date. */
export function register(listening: Listening): void {
  const { app, client, who, home, render } = listening

  app.event('app_home_opened', async ({ event, body }) => {
    if (event.tab !== 'home') return
    const open = async () => {
      const asked = who.contactNow({ userId: event.user, teamId: body.team_id })
      if ((await inTime(asked, HOME_PATIENCE_MS)) === 'late')
        await client.views.publish({
          user_id: event.user,
          view: homeLoading(render.requesterContext(who.lately({ userId: event.user }))),
        })
      await home.open((await asked).id, event.user)
    }
    // Nothing is lost with a Home that is not drawn: Slack need not wait for it, nor ask again.
    void open().catch((error) =>
      listening.log.warn({ text: explain(listening, error, null) }, 'the App Home could not be shown'),
    )
  })

  const onChoice = (actionId: string, choose: (view: HistoryView, action: BlockElementAction) => HistoryView) => {
    app.action<BlockAction>({ type: 'block_actions', action_id: actionId }, async ({ ack, body, action }) => {
      const user = userOf(body)
      const work = async () => {
        const { id } = await who.contact(user)
        await home.change(id, user.userId, (view) => choose(view, action))
      }
      await ack()
      await work().catch(async (error) => {
        const person = await who.contact(user).catch(() => who.lately(user))
        const view = problemModal({
          text: explain(listening, error, person),
          ctx: render.requesterContext(person),
        })
        await client.views.open({ trigger_id: body.trigger_id, view })
      })
    })
  }
  for (const scope of scopes) onChoice(`home.scope.${scope}`, (view) => ({ ...view, scope, status: null, edge: null }))
  onChoice('home.show-pending', () => ({ ...freshView, status: 'pending' }))
  onChoice('home.status', (view, action) => ({ ...view, status: statusIn(action), edge: null }))
  onChoice('home.sort', (view) => ({ ...view, oldestFirst: !view.oldestFirst, edge: null }))
  onChoice('home.search', (view, action) => ({ ...view, search: typedIn(action), edge: null }))
  onChoice('home.clear', (view) => ({ ...view, search: '', edge: null }))
  for (const page of ['newer', 'older'])
    onChoice(`home.${page}`, (view, action) => ({ ...view, edge: edge.parse(JSON.parse(pressedIn(action))) }))
}

function statusIn(action: BlockElementAction): HistoryView['status'] {
  const chosen = action.type === 'static_select' ? action.selected_option?.value : undefined
  return filters.find((status) => status === chosen) ?? null
}

function typedIn(action: BlockElementAction): string {
  return action.type === 'plain_text_input' ? searchOf(action.value ?? '') : ''
}

function pressedIn(action: BlockElementAction): string {
  return action.type === 'button' ? (action.value ?? '') : ''
}
