import { useEffect } from 'preact/hooks'
import type { View } from '../../slack/types.ts'
import { Avatar } from '../avatar.ts'
import { css, html } from '../html.ts'
import { Icon } from '../icons.ts'
import { say } from '../notice.ts'
import { go } from '../place.ts'
import { Blocks } from './blocks.ts'
import { Channel } from './channel.ts'
import { useReader } from './reader.ts'
import { SiteContext } from './site.ts'
import { slack } from './slack-api.ts'
import { useMakeSite } from './use-site.ts'

/** The app's own place: the Home tab it draws for each person, and the direct messages with it. */
export function AppPlace({ tab }: { tab: 'home' | 'messages' }) {
  const { me, screen, says } = useReader()
  const dm = screen.channels.find((channel) => channel.with?.id === screen.app.botUserId)
  useEffect(() => {
    void slack.openHome(me, tab).then((said) => said.ok || say(said.says))
    if (tab === 'messages' && !dm) void slack.openDm(me)
  }, [me, tab])
  return html`
    <header class="pane-header app">
      <button
        type="button"
        class="plain only-narrow"
        aria-label="Back to the list"
        data-test="back"
        onClick=${() => go({ slack: '' })}
      ><${Icon} name="back" /></button>
      <${Avatar} id="app" name=${screen.app.name} bot size=${24} />
      <h1>${screen.app.name}</h1>
      <nav class="tabs">
        <button
          type="button"
          class=${css(tab === 'home' && 'on')}
          data-test="app-home"
          onClick=${() => go({ slack: 'home' })}
        >${says.home}</button>
        <button
          type="button"
          class=${css(tab === 'messages' && 'on')}
          data-test="app-messages"
          onClick=${() => go({ slack: 'messages' })}
        >${says.messages}${dm?.unread ? html`<span class="count">${dm.unread}</span>` : null}</button>
      </nav>
    </header>
    ${tab === 'home' ? html`<${Home} key=${me} view=${screen.home} />` : dm ? html`<${Channel} key=${dm.id} channel=${dm} />` : html`<div class="timeline"></div>`}
  `
}

function Home({ view }: { view: View | null }) {
  const { me, screen } = useReader()
  const { site } = useMakeSite(me, { viewId: view?.id ?? '' }, view?.values ?? {})
  if (!view) {
    return html`<div class="timeline"><div class="empty" data-test="home-empty">
      <span class="big"><${Avatar} id="app" name="" bot size=${56} /></span>
      <h2>${screen.app.connected ? 'Home is being drawn…' : `${screen.app.name} is not connected`}</h2>
      <p>${screen.app.connected ? 'The app publishes this tab when somebody opens it.' : 'Start the desk; this page notices by itself.'}</p>
    </div></div>`
  }
  return html`<${SiteContext.Provider} value=${site}>
    <div class="timeline home" data-test="home"><div class="home-page"><${Blocks} blocks=${view.blocks} /></div></div>
  <//>`
}
