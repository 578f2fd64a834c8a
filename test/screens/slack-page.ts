import type { Page } from 'playwright-core'
import type { Screen, SeenMessage } from '../../src/sandbox/slack/types.ts'
import type { Sight } from './record.ts'

type SlackSight = Extract<Sight, { screen: Screen }>
export type SlackPage = Awaited<ReturnType<typeof slackPage>>

const where = { modal: '[data-test="modal"]', home: '.home-page', message: '.timeline [data-test="message"]' }

// As high as what stands in it, and nothing around it.
const styles = `.modal, .modal-layer { height: auto !important; max-height: none !important; animation: none !important }
  .top, .sidebar { display: none !important }`

/** The sandbox's page, told what to show instead of asking the sandbox for it. */
export async function slackPage(page: Page, url: string) {
  let screen: Screen
  let message: SeenMessage | null = null
  const answers: Record<string, () => unknown> = {
    '/sandbox/about': () => ({ people: [screen.me], parts: { slack: true }, workspace: 'Acme' }),
    '/sandbox/slack/ui/screen': () => screen,
    '/sandbox/slack/ui/messages': () => (message ? [message] : []),
  }
  await page.route(/\/sandbox\/(about|slack\/ui\/)/, (route) => {
    const answer = answers[new URL(route.request().url()).pathname]
    return route.fulfill({ json: answer ? answer() : { ok: true } })
  })
  // In place of the sandbox's news: the page asks again whenever this is called.
  await page.addInitScript(() => {
    localStorage.setItem('deskhand-sandbox-hint-seen', 'yes')
    class News {
      set onmessage(hear: (event: { data: string }) => void) {
        Object.assign(window, { tell: (data: string) => hear({ data }) })
      }
    }
    Object.assign(window, { EventSource: News })
  })

  async function draw(next: Screen, said: SeenMessage | null): Promise<void> {
    const isOther = !screen || screen.me.id !== next.me.id
    screen = next
    message = said
    const place = `person=${next.me.id}&slack=${said ? 'messages' : 'home'}`
    if (isOther) {
      await page.goto('about:blank')
      await page.goto(`${url}/#${place}`)
      await page.addStyleTag({ content: styles })
    } else await page.evaluate((hash) => location.assign(`#${hash}`), place)
    await page.evaluate(() => (window as unknown as { tell(topic: string): void }).tell('slack'))
  }

  let sight: SlackSight
  return {
    page,
    shown: (kind: SlackSight['kind']) => page.locator(where[kind]).first(),
    async show(next: SlackSight): Promise<void> {
      sight = next
      // First nothing, so that what is seen then is what was asked for.
      await draw({ ...next.screen, modal: null, home: null }, null)
      for (const each of Object.values(where)) await page.locator(each).first().waitFor({ state: 'detached' })
      await draw(next.screen, 'message' in next ? next.message : null)
      await page.locator(where[next.kind]).first().waitFor()
      await page.waitForFunction(() => [...document.images].every((image) => image.complete))
    },
    /** What opens when something here is pressed: `panel` is where it then stands. */
    opening(): { action: string; words: string; panel: string }[] {
      const shown = sight.kind === 'message' ? sight.message : sight.screen[sight.kind]
      const found: { action: string; words: string; panel: string }[] = []
      JSON.stringify(shown, (_, value) => {
        const { action_id: action, type, confirm, options } = value ?? {}
        if (type === 'button' && confirm) found.push({ action, words: JSON.stringify(confirm), panel: '.confirm' })
        if (['static_select', 'overflow'].includes(type) && options)
          found.push({ action, words: JSON.stringify(options), panel: '.popover:popover-open' })
        return value
      })
      return found
    },
  }
}
