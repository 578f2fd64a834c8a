import type { SeenChannel } from '../../slack/types.ts'
import { Avatar } from '../avatar.ts'
import { css, html } from '../html.ts'
import { Icon } from '../icons.ts'
import { go } from '../place.ts'
import { useReader } from './reader.ts'
import { slack } from './slack-api.ts'

/** The workspace's list: channels, direct messages and the app, with what is unread. */
export function Sidebar({ place, name }: { place: string; name: string }) {
  const { me, screen, says } = useReader()
  const byName = (a: SeenChannel, b: SeenChannel) => a.name.localeCompare(b.name)
  const channels = screen.channels.filter((channel) => !channel.with && channel.name).sort(byName)
  const app = screen.channels.find((channel) => channel.with?.id === screen.app.botUserId)
  const inApp = place === 'home' || place === 'messages' || place === app?.id
  const open = async (other: string) => {
    const said = await slack.openDm(me, other)
    if (said.ok) go({ slack: said.channelId })
  }
  return html`<nav class="sidebar" aria-label=${says.channels}>
    <div class="workspace"><span class="workspace-mark">${name.charAt(0)}</span><strong>${name}</strong></div>
    <h3>${says.channels}</h3>
    ${channels.map((channel) => html`<${Row} key=${channel.id} channel=${channel} on=${place === channel.id} />`)}
    <h3>${says.directMessages}</h3>
    ${screen.people
      .filter((person) => person.id !== me && !person.deleted)
      .map((person) => {
        const dm = screen.channels.find((channel) => channel.with?.id === person.id)
        const unread = dm?.unread ?? 0
        return html`<button
          type="button"
          key=${person.id}
          class=${css('row', dm && place === dm.id && 'on', unread && 'unread')}
          data-test=${`dm-${person.id}`}
          onClick=${() => open(person.id)}
        >
          <${Avatar} id=${person.id} name=${person.realName} size=${20} />
          <span>${person.realName}</span>${unread ? html`<span class="count">${unread}</span>` : null}
        </button>`
      })}
    <h3>${says.apps}</h3>
    <button
      type="button"
      class=${css('row', inApp && 'on', app?.unread && 'unread')}
      data-test="app"
      onClick=${() => go({ slack: app?.unread ? 'messages' : 'home' })}
    >
      <${Avatar} id="app" name=${screen.app.name} bot size=${20} /><span>${screen.app.name}</span>
      ${app?.unread ? html`<span class="count">${app.unread}</span>` : null}
      ${
        !screen.app.connected &&
        html`<small
        class="off"
        title="The app has no connection to this workspace"
      >offline</small>`
      }
    </button>
  </nav>`
}

function Row({ channel, on }: { channel: SeenChannel; on: boolean }) {
  return html`<button
    type="button"
    class=${css('row', on && 'on', channel.unread && 'unread')}
    data-test=${`channel-${channel.name}`}
    onClick=${() => go({ slack: channel.id })}
  >
    <${Icon} name=${channel.kind === 'private' ? 'lock' : 'hash'} size=${16} /><span>${channel.name}</span>
    ${channel.unread ? html`<span class="count">${channel.unread}</span>` : null}
  </button>`
}
