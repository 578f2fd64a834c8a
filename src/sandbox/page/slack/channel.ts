import { useEffect } from 'preact/hooks'
import type { SeenChannel } from '../../slack/types.ts'
import { Avatar } from '../avatar.ts'
import { html } from '../html.ts'
import { Icon } from '../icons.ts'
import { useLive } from '../live.ts'
import { go } from '../place.ts'
import { Composer } from './composer.ts'
import { useReader } from './reader.ts'
import { slack } from './slack-api.ts'
import { Timeline } from './timeline.ts'

/** A channel or a direct message: its timeline and where one writes. */
export function Channel({ channel }: { channel: SeenChannel }) {
  const { me, screen, says } = useReader()
  const messages = useLive('slack', `${me} ${channel.id}`, () => slack.messages(me, channel.id))
  useEffect(() => {
    if (channel.unread && document.visibilityState === 'visible') void slack.read(me, channel.id)
  }, [me, channel.id, channel.unread])
  const name = channel.with?.name ?? channel.name
  const to = channel.with ? name : `#${name}`
  return html`
    ${
      messages
        ? html`<${Timeline}
      key=${channel.id}
      messages=${messages}
      empty=${html`<${EmptyChannel} channel=${channel} command=${screen.app.commands[0]?.command ?? '/ticket'} />`}
    />`
        : html`<div class="timeline"></div>`
    }
    <${Composer} channelId=${channel.id} placeholder=${says.message(to)} />
  `
}

export function ChannelHeader({ channel }: { channel: SeenChannel }) {
  const { nameOf, screen } = useReader()
  const other = channel.with
  return html`<header class="pane-header">
    <button
      type="button"
      class="plain only-narrow"
      aria-label="Back to the list"
      data-test="back"
      onClick=${() => go({ slack: '' })}
    ><${Icon} name="back" /></button>
    ${
      other
        ? html`<${Avatar}
      id=${other.id}
      name=${other.name}
      bot=${other.isBot}
      size=${24}
    />`
        : html`<${Icon} name=${channel.kind === 'private' ? 'lock' : 'hash'} />`
    }
    <h1>${other?.name ?? channel.name}</h1>
    <span class="topic">${channel.topic}</span>
    ${
      !other &&
      html`<span
      class="members"
      title=${channel.members.map((id) => nameOf(id) ?? id).join(', ')}
    >${channel.members.map(
      (id) => html`<${Avatar}
      key=${id}
      id=${id}
      name=${nameOf(id) ?? id}
      bot=${id === screen.app.botUserId}
      size=${24}
    />`,
    )}</span>`
    }
  </header>`
}

function EmptyChannel({ channel, command }: { channel: SeenChannel; command: string }) {
  const name = channel.with?.name ?? `#${channel.name}`
  const words = channel.with?.isBot
    ? `Type ${command} below, or press Open a request on the Home tab. What happens to your requests is told here.`
    : channel.kind === 'private'
      ? 'New tickets appear here as cards. Be Ada, open one, and come back.'
      : `Type ${command} to begin.`
  return html`<div class="empty">
    <span class="big">${
      channel.with
        ? html`<${Avatar}
      id=${channel.with.id}
      name=${name}
      bot=${channel.with.isBot}
      size=${56}
    />`
        : html`<${Icon} name=${channel.kind === 'private' ? 'lock' : 'hash'} size=${40} />`
    }</span>
    <h2>This is the very beginning of ${name}</h2>
    <p>${words}</p>
  </div>`
}
