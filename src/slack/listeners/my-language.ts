import type { BlockAction, StaticSelectAction } from '@slack/bolt'
import { ackAfter } from '../in-time.ts'
import { explain, type Listening, userOf } from '../listening.ts'
import { AUTOMATIC } from '../views/home/language.ts'
import { problemModal } from '../views/small-modals.ts'

/** The App Home's choice of language: it applies at once, there and in every thread and mail after it. */
export function register(listening: Listening): void {
  const { app, client, languages, render, who } = listening

  app.action<BlockAction<StaticSelectAction>>(
    { type: 'block_actions', action_id: 'home.language' },
    async ({ ack, body, action }) => {
      const user = userOf(body)
      const work = async () => {
        const person = await who.contact(user)
        const value = action.selected_option?.value
        const language = value === AUTOMATIC ? null : render.locales.find((locale) => locale === value)
        if (language === undefined) throw new Error('a language came back that was not offered')
        await languages.choose(person.id, language, `${user.teamId}/${user.userId}/${action.action_ts}`)
      }
      await ackAfter(ack, work()).catch(async (error) => {
        const person = await who.contact(user).catch(() => who.lately(user))
        const view = problemModal({ text: explain(listening, error, person), ctx: render.requesterContext(person) })
        await client.views.open({ trigger_id: body.trigger_id, view })
      })
    },
  )
}
