import { useState } from 'preact/hooks'
import type { Outcome, SeenMessage } from '../../slack/types.ts'
import { html } from '../html.ts'
import { Icon } from '../icons.ts'
import { say } from '../notice.ts'
import { go } from '../place.ts'
import { confirmed } from './confirm.ts'
import { emojiNamed, usualEmoji } from './emoji.ts'
import { Popover } from './popover.ts'
import { useReader } from './reader.ts'
import { slack } from './slack-api.ts'

interface MenuProps {
  message: SeenMessage
  inThread: boolean
  onEdit: () => void
}

/** What one can do with a message: answer in its thread, react, run a message shortcut, edit or delete one's own. */
export function MessageMenu({ message, inThread, onEdit }: MenuProps) {
  const { me, screen, says } = useReader()
  const [more, setMore] = useState(false)
  const [faces, setFaces] = useState(false)
  if (message.ephemeral) return null
  const { channel, ts } = message
  const mine = message.user === me
  const shortcuts = screen.app.shortcuts.filter((shortcut) => shortcut.type === 'message')

  const run = async (outcome: Promise<Outcome>) => {
    setMore(false)
    setFaces(false)
    const said = await outcome
    if (!said.ok) say(said.says)
  }
  const edit = () => {
    setMore(false)
    onEdit()
  }
  const remove = async () => {
    setMore(false)
    const sure = await confirmed({
      title: { type: 'plain_text', text: 'Delete message' },
      text: { type: 'plain_text', text: 'It disappears for everybody. This cannot be undone.' },
      confirm: { type: 'plain_text', text: 'Delete' },
      deny: { type: 'plain_text', text: 'Keep it' },
      style: 'danger',
    })
    if (sure) await run(slack.delete(me, channel, ts))
  }
  return html`<div class="message-menu" data-open=${more || faces}>
    <${Popover}
      open=${faces}
      onOpen=${setFaces}
      label=${says.addReaction}
      anchor=${(props: object) => html`<button
        type="button"
        class="plain"
        aria-label=${says.addReaction}
        title=${says.addReaction}
        ...${props}
      ><${Icon} name="smile" /></button>`}
    >
      <div class="faces-menu">${usualEmoji.map(
        (name) => html`<button
        type="button"
        key=${name}
        aria-label=${name}
        onClick=${() => run(slack.react(me, channel, ts, name))}
      >${emojiNamed(name)}</button>`,
      )}</div>
    <//>
    ${
      !inThread &&
      html`<button
      type="button"
      class="plain"
      aria-label=${says.replyInThread}
      title=${says.replyInThread}
      data-test="message-reply"
      onClick=${() => go({ thread: message.threadTs ?? ts })}
    ><${Icon} name="chat" /></button>`
    }
    ${
      (mine || shortcuts.length > 0) &&
      html`<${Popover}
        open=${more}
        onOpen=${setMore}
        label=${says.more}
        anchor=${(props: object) => html`<button
          type="button"
          class="plain"
          aria-label=${says.more}
          title=${says.more}
          data-test="message-more"
          ...${props}
        ><${Icon} name="more" /></button>`}
      >
      <div role="menu" class="menu">
        ${shortcuts.map(
          (shortcut) => html`<button
          type="button"
          role="menuitem"
          key=${shortcut.callbackId}
          data-test=${`shortcut-${shortcut.callbackId}`}
          onClick=${() => run(slack.messageShortcut(me, shortcut.callbackId, channel, ts))}
        >${shortcut.name}<small>${screen.app.name}</small></button>`,
        )}
        ${
          mine &&
          html`<button type="button" role="menuitem" data-test="message-edit" onClick=${edit}>Edit message</button>
          <button
            type="button"
            role="menuitem"
            class="danger"
            data-test="message-delete"
            onClick=${remove}
          >Delete message</button>`
        }
      </div>
    <//>`
    }
  </div>`
}
