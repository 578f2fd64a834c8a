import { useEffect } from 'preact/hooks'
import type { Screen } from '../../slack/types.ts'
import { css, html } from '../html.ts'
import { say } from '../notice.ts'
import { go, type Place } from '../place.ts'
import { AppPlace } from './app-home.ts'
import { Channel, ChannelHeader } from './channel.ts'
import { Modal } from './modal.ts'
import { ReaderContext, readerOf } from './reader.ts'
import { Sidebar } from './sidebar.ts'
import { slack } from './slack-api.ts'
import { Thread } from './thread.ts'

/** A small Slack, as one person sees it. */
export function Workspace({ screen, place, name }: { screen: Screen; place: Place; name: string }) {
  const reader = readerOf(screen)
  const app = screen.channels.find((channel) => channel.with?.id === screen.app.botUserId)
  const at = place.slack === app?.id ? 'messages' : place.slack
  const inApp = at === 'home' || at === 'messages'
  const channel = inApp ? (at === 'messages' ? app : undefined) : screen.channels.find((one) => one.id === at)

  useEffect(() => {
    for (const notice of screen.notices) {
      say(notice.text)
      void slack.dismissNotice(reader.me, notice.id)
    }
  }, [screen.notices])
  // On a wide window something is always open; a phone begins with the list.
  const nowhere = !inApp && !channel
  useEffect(() => {
    if (nowhere && matchMedia('(min-width: 760px)').matches) go({ slack: 'home' })
  }, [nowhere, reader.me])

  const thread = channel && place.thread
  return html`<${ReaderContext.Provider} value=${reader}>
    <div
      class=${css('slack', (inApp || channel) && 'has-place', thread && 'has-thread')}
      inert=${Boolean(screen.modal)}
    >
      <${Sidebar} place=${at} name=${name} />
      <main class="pane">
        ${inApp && html`<${AppPlace} tab=${at as 'home' | 'messages'} />`}
        ${!inApp && channel && html`<${ChannelHeader} channel=${channel} /><${Channel} key=${channel.id} channel=${channel} />`}
      </main>
      ${thread && html`<${Thread} key=${thread} channel=${channel} ts=${thread} />`}
    </div>
    ${screen.modal && html`<${Modal} key=${screen.modal.view.rootViewId} modal=${screen.modal} />`}
  <//>`
}
