import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { html } from './html.ts'

interface Toast {
  id: number
  text: string
}

let toasts: Toast[] = []
let lastId = 0
let changed: (() => void) | null = null

/** Says something once, at the foot of the page. The same words are not said twice at a time. */
export function say(text: string, forMs = 7000): void {
  if (toasts.some((toast) => toast.text === text)) return
  const toast = { id: ++lastId, text }
  toasts = [...toasts, toast].slice(-3)
  changed?.()
  setTimeout(() => dismiss(toast.id), forMs)
}

/** Takes everything down: what was said was for somebody else. */
export function sayNothing(): void {
  toasts = []
  changed?.()
}

function dismiss(id: number): void {
  toasts = toasts.filter((toast) => toast.id !== id)
  changed?.()
}

export function Toasts() {
  const [, redraw] = useState(0)
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    changed = () => redraw((n) => n + 1)
    return () => {
      changed = null
    }
  }, [])
  // In the browser's top layer, shown anew for each toast: otherwise an open modal would cover it.
  useLayoutEffect(() => {
    if (box.current?.matches(':popover-open')) box.current.hidePopover()
    if (toasts.length) box.current?.showPopover()
  }, [toasts])
  return html`<div class="toasts" popover="manual" ref=${box} role="status" aria-live="polite">
    ${toasts.map(
      (toast) => html`<div class="toast" key=${toast.id} data-test="notice">
        <span>${toast.text}</span>
        <button type="button" aria-label="Dismiss" onClick=${() => dismiss(toast.id)}>×</button>
      </div>`,
    )}
  </div>`
}
