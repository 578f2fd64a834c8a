import type { SeenChannel } from '../../slack/types.ts'
import { html } from '../html.ts'
import { Icon } from '../icons.ts'
import { useLive } from '../live.ts'
import { go } from '../place.ts'
import { Composer } from './composer.ts'
import { useReader } from './reader.ts'
import { slack } from './slack-api.ts'
import { Timeline } from './timeline.ts'

/** The pane beside a channel with one message and its replies. */
export function Thread({ channel, ts }: { channel: SeenChannel; ts: string }) {
  const { me, says } = useReader()
  const messages = useLive('slack', `${me} ${channel.id} ${ts}`, () => slack.messages(me, channel.id, ts))
  return html`<aside
    class="thread"
    aria-label=${says.thread}
    data-test="thread"
    onKeyDown=${(event: KeyboardEvent) => event.key === 'Escape' && go({ thread: '' })}
  >
    <header>
      <h2>${says.thread} <small>${channel.with?.name ?? `#${channel.name}`}</small></h2>
      <button
        type="button"
        class="plain"
        aria-label="Close thread"
        data-test="thread-close"
        onClick=${() => go({ thread: '' })}
      ><${Icon} name="close" /></button>
    </header>
    ${
      messages &&
      html`<${Timeline}
      key=${ts}
      messages=${messages}
      inThread
      empty=${html`<p class="empty">This message is gone.</p>`}
    />`
    }
    <${Composer} channelId=${channel.id} threadTs=${ts} placeholder=${says.reply} />
  </aside>`
}
