import { useEffect, useRef, useState } from 'preact/hooks'
import type { SeenMessage } from '../../slack/types.ts'
import { html } from '../html.ts'
import { say } from '../notice.ts'
import { decode } from './mrkdwn.ts'
import { useReader } from './reader.ts'
import { slack } from './slack-api.ts'

/** A message of one's own while it is being edited: Enter saves, Escape gives up. */
export function MessageEdit({ message, onDone }: { message: SeenMessage; onDone: () => void }) {
  const { me } = useReader()
  const [text, setText] = useState(decode(message.text))
  const field = useRef<HTMLTextAreaElement>(null)
  useEffect(() => field.current?.focus(), [])
  const save = async () => {
    const said = await slack.edit(me, message.channel, message.ts, text)
    if (!said.ok) return say(said.says)
    onDone()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') {
      event.stopPropagation()
      onDone()
    }
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
      event.preventDefault()
      void save()
    }
  }
  return html`<div class="editing">
    <textarea
      class="field"
      rows="2"
      ref=${field}
      value=${text}
      aria-label="Edit message"
      data-test="edit"
      onInput=${(event: Event) => setText((event.currentTarget as HTMLTextAreaElement).value)}
      onKeyDown=${onKeyDown}
    />
    <div class="row"><button type="button" class="button" onClick=${onDone}>Cancel</button><button
      type="button"
      class="button primary"
      data-test="edit-save"
      onClick=${save}
    >Save</button></div>
  </div>`
}
