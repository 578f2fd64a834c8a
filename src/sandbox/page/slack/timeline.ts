import { useEffect, useLayoutEffect, useRef } from 'preact/hooks'
import type { SeenMessage } from '../../slack/types.ts'
import { html } from '../html.ts'
import { dayName, dayOf, nearDay } from '../moment.ts'
import { Message, momentOf } from './message.ts'
import { useReader } from './reader.ts'

interface TimelineProps {
  messages: SeenMessage[]
  inThread?: boolean
  empty?: unknown
}

/** Messages in order, a line between days, runs of one author drawn together; it stays at its end while one reads there. */
export function Timeline({ messages, inThread = false, empty }: TimelineProps) {
  const reader = useReader()
  const box = useRef<HTMLDivElement>(null)
  const atEnd = useRef(true)
  const newest = useRef(messages.at(-1)?.ts)

  useLayoutEffect(() => {
    const list = box.current
    const last = messages.at(-1)
    // Who writes, or gives a command, wants to see what comes of it.
    if (last && last.ts !== newest.current && (last.author.id === reader.me || last.ephemeral)) atEnd.current = true
    newest.current = last?.ts
    if (list && atEnd.current) list.scrollTop = list.scrollHeight
  }, [messages])
  // Pictures and slow fonts make it longer after it was drawn.
  useEffect(() => {
    const list = box.current
    if (!list?.firstElementChild) return
    const watch = new ResizeObserver(() => {
      if (atEnd.current) list.scrollTop = list.scrollHeight
    })
    watch.observe(list.firstElementChild)
    watch.observe(list)
    return () => watch.disconnect()
  }, [])
  const onScroll = () => {
    const list = box.current
    if (list) atEnd.current = list.scrollHeight - list.scrollTop - list.clientHeight < 60
  }
  return html`<div class="timeline" ref=${box} onScroll=${onScroll}>
    <div class="messages">
      ${messages.length === 0 && empty}
      ${messages.map((message, index) => {
        const before = messages[index - 1]
        const at = momentOf(message.ts)
        const newDay = !before || dayOf(momentOf(before.ts), reader.viewer) !== dayOf(at, reader.viewer)
        return html`${newDay && !inThread && html`<${DayLine} key=${`day ${dayOf(at, reader.viewer)}`} at=${at} />`}
          <${Message}
            key=${message.ts}
            message=${message}
            inThread=${inThread}
            compact=${!newDay && follows(before, message)}
          />`
      })}
    </div>
  </div>`
}

function DayLine({ at }: { at: Date }) {
  const { viewer, now } = useReader()
  const name = nearDay(at, now, viewer) ?? dayName(at, viewer)
  return html`<div class="day"><span>${name.charAt(0).toUpperCase() + name.slice(1)}</span></div>`
}

function follows(before: SeenMessage | undefined, message: SeenMessage): boolean {
  return (
    before !== undefined &&
    before.author.id === message.author.id &&
    !message.blocks?.length &&
    !before.blocks?.length &&
    !message.ephemeral &&
    !before.ephemeral &&
    !before.replyCount &&
    !before.subtype?.startsWith('channel_') &&
    Number(message.ts) - Number(before.ts) < 300
  )
}
