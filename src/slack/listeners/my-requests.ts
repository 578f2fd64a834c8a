import { explain, type Listening } from '../listening.ts'

/** The App Home shows my requests whenever it is opened; after that, effects keep it up to date. */
export function register(listening: Listening): void {
  const { app, client, who, render } = listening

  app.event('app_home_opened', async ({ event, body }) => {
    if (event.tab !== 'home') return
    const person = await who.contactNow({ userId: event.user, teamId: body.team_id })
    try {
      await client.views.publish({ user_id: event.user, view: await render.home(person.id) })
    } catch (error) {
      const text = explain(listening, error, person)
      listening.log.warn({ text }, 'the App Home could not be shown')
    }
  })
}
