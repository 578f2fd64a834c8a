import { html } from './html.ts'

/** Line drawings on a 24 × 24 grid; they take the colour and size of the text beside them. */
const drawings = {
  hash: 'M9.5 4 7.5 20M16.5 4l-2 16M4.5 9h15.5M4 15h15.5',
  lock: 'M6 11h12v9H6zM8.5 11V7.5a3.5 3.5 0 0 1 7 0V11',
  home: 'M4 11.5 12 4.5l8 7V20h-5.5v-5.5h-5V20H4z',
  chat: 'M4 5.5h16v11h-8.5L7 20.5v-4H4z',
  mail: 'M3.5 6h17v12.5h-17zM4 6.5l8 7 8-7',
  send: 'M4 12 20.5 4.5 16 20l-4.3-6.2zM11.7 13.8 20.5 4.5',
  clip: 'M18.5 11.5 12 18a4.2 4.2 0 0 1-6-6l7.3-7.3a2.8 2.8 0 0 1 4 4L10.2 16a1.4 1.4 0 0 1-2-2l6.3-6.3',
  bolt: 'M13 3 5.5 13.5H11L10 21l8-11h-5.8z',
  clock: 'M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17ZM12 7.5V12l3 2',
  forward: 'M5 6v12l7-6zM12.5 6v12l7-6z',
  close: 'M6 6l12 12M18 6 6 18',
  back: 'M14.5 5.5 8 12l6.5 6.5',
  down: 'M6.5 9.5 12 15l5.5-5.5',
  check: 'M5 12.5l4.5 4.5L19 7.5',
  eye: 'M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12ZM12 9.2a2.8 2.8 0 1 0 0 5.6 2.8 2.8 0 0 0 0-5.6Z',
  file: 'M6.5 3.5h7.5l4 4V20.5h-11.5zM13.5 3.5v4.5H18',
  more: 'M5.6 12h.8M11.6 12h.8M17.6 12h.8',
  reply: 'M10 6.5 4.5 12l5.5 5.5M5 12h9a5.5 5.5 0 0 1 5.5 5.5v1',
  replyAll: 'M8 6.5 2.5 12 8 17.5M13 6.5 7.5 12l5.5 5.5M8 12h7a5.5 5.5 0 0 1 5.5 5.5v1',
  pen: 'M5 19l.8-4L15.5 5.3a1.8 1.8 0 0 1 2.5 0l.7.7a1.8 1.8 0 0 1 0 2.5L9 18.2z',
  smile: 'M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17ZM8.8 10h.01M15.2 10h.01M8.3 14a4.4 4.4 0 0 0 7.4 0',
  split: 'M4 5h16v14H4zM12 5v14',
  palm: 'M12 21V10M12 10C10 6 6.5 5.5 4 8M12 10c2-4 5.5-4.5 8-2M12 10c-3-.5-5.5 1.5-6 4.5M12 10c3-.5 5.5 1.5 6 4.5',
  help: 'M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17ZM9.7 9.5a2.4 2.4 0 1 1 3.5 2.1c-.8.4-1.2 1-1.2 1.9M12 16.7h.01',
  search: 'M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13ZM15.5 15.5 20 20',
  plus: 'M12 5v14M5 12h14',
  bin: 'M5 7h14M9.5 7V4.5h5V7M7 7l.8 12.5h8.4L17 7',
  download: 'M12 4v11M7.5 11l4.5 4.5L16.5 11M5 19.5h14',
} as const

export type IconName = keyof typeof drawings

export function Icon({ name, size = 18 }: { name: IconName; size?: number }) {
  return html`<svg
    class=${`icon icon-${name}`}
    viewBox="0 0 24 24"
    width=${size}
    height=${size}
    aria-hidden="true"
  ><path d=${drawings[name]} /></svg>`
}
