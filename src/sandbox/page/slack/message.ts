import { useState } from 'preact/hooks'
import type { SeenMessage } from '../../slack/types.ts'
import { Avatar } from '../avatar.ts'
import { css, html } from '../html.ts'
import { Icon } from '../icons.ts'
import { ago, fullMoment, time } from '../moment.ts'
import { go } from '../place.ts'
import { Blocks } from './blocks.ts'
import { emojiNamed } from './emoji.ts'
import { Files } from './files.ts'
import { MessageEdit } from './message-edit.ts'
import { MessageMenu } from './message-menu.ts'
import { mrkdwn } from './mrkdwn.ts'
import { useReader } from './reader.ts'
import { SiteContext } from './site.ts'
import { slack } from './slack-api.ts'
import { useMakeSite } from './use-site.ts'

interface MessageProps {
  message: SeenMessage
  /** Follows another of the same person: drawn without name and picture. */
  compact?: boolean
  /** Stands in a thread's pane. */
  inThread?: boolean
}

export const momentOf = (ts: string) => new Date(Number(ts) * 1000)

/** One message: text or blocks, files, reactions, its thread's summary. */
export function Message({ message, compact = false, inThread = false }: MessageProps) {
  const reader = useReader()
  const { site } = useMakeSite(reader.me, { channelId: message.channel, ts: message.ts }, message.values)
  const [editing, setEditing] = useState(false)
  const at = momentOf(message.ts)
  const { author } = message
  if (message.subtype?.startsWith('channel_')) {
    return html`<div class="message system" data-test="message">
    <span></span><div class="text">${mrkdwn(message.text, reader)}</div></div>`
  }
  const clock = html`<time
    datetime=${at.toISOString()}
    title=${fullMoment(at, reader.viewer)}
  >${time(at, reader.viewer)}</time>`
  return html`<${SiteContext.Provider} value=${site}>
    <article
      class=${css('message', compact && 'compact', message.ephemeral && 'ephemeral')}
      data-test="message"
      data-ts=${message.ts}
      tabindex="0"
      data-author=${author.id}
    >
      <div class="gutter">
      ${compact ? clock : html`<${Avatar} id=${author.id} name=${author.name} bot=${author.isBot} />`}</div>
      <div class="body">
        ${message.ephemeral && html`<div class="only-you"><${Icon} name="eye" size=${14} /> ${reader.says.onlyYou}</div>`}
        ${!compact && html`<header><strong>${author.name}</strong>${author.isBot && html`<span class="app-mark">APP</span>`} ${clock}</header>`}
        ${
          message.broadcast &&
          !inThread &&
          html`<button
          type="button"
          class="from-thread"
          onClick=${() => go({ thread: message.threadTs ?? '' })}
        >replied to a thread</button>`
        }
        ${
          editing
            ? html`<${MessageEdit}
          message=${message}
          onDone=${() => setEditing(false)}
        />`
            : html`<div class="text">
        ${message.blocks?.length ? html`<${Blocks} blocks=${message.blocks} />` : mrkdwn(message.text, reader)}${message.edited && html` <small class="edited">${reader.says.edited}</small>`}</div>`
        }
        ${unfurledIn(message).map((blocks, index) => html`<div class="unfurled" key=${index}><${Blocks} blocks=${blocks} /></div>`)}
        <${Files} files=${message.fileObjects} />
        <${Reactions} message=${message} />
        ${!inThread && message.replyCount > 0 && html`<${ThreadSummary} message=${message} />`}
      </div>
      <${MessageMenu} message=${message} inThread=${inThread} onEdit=${() => setEditing(true)} />
    </article>
  <//>`
}

/** What stands under the message's links. */
function unfurledIn({ attachments = [] }: SeenMessage): unknown[][] {
  return attachments.flatMap((one) => {
    const { blocks } = one as { blocks?: unknown[] }
    return blocks ? [blocks] : []
  })
}

function Reactions({ message }: { message: SeenMessage }) {
  const { me, nameOf } = useReader()
  if (!message.reactions?.length) return null
  return html`<div class="reactions">${message.reactions.map(
    (reaction) =>
      html`<button
        type="button"
        key=${reaction.name}
        class=${css('reaction', reaction.users.includes(me) && 'mine')}
        title=${reaction.users.map(nameOf).join(', ')}
        onClick=${() => slack.react(me, message.channel, message.ts, reaction.name)}
      >${emojiNamed(reaction.name) ?? `:${reaction.name}:`} ${reaction.users.length}</button>`,
  )}</div>`
}

function ThreadSummary({ message }: { message: SeenMessage }) {
  const reader = useReader()
  const count = message.replyCount
  return html`<button
    type="button"
    class="thread-summary"
    data-test="open-thread"
    onClick=${() => go({ thread: message.ts })}
  >
    <span class="faces">${message.replyUsers.slice(0, 4).map(
      (id) => html`<${Avatar}
      key=${id}
      id=${id}
      name=${reader.nameOf(id) ?? '?'}
      bot=${id === reader.screen.app.botUserId}
      size=${22}
    />`,
    )}</span>
    <b>${reader.says.replies(count)}</b>
    ${message.latestReply && html`<small>${reader.says.lastReply(ago(momentOf(message.latestReply), reader.now, reader.viewer.locale))}</small>`}
  </button>`
}
