import type { ComponentChildren } from 'preact'
import { useEffect, useId, useLayoutEffect, useRef } from 'preact/hooks'
import { html } from '../html.ts'

interface PopoverProps {
  open: boolean
  onOpen: (open: boolean) => void
  label?: string
  /** Draws what opens it; spreads the properties it is given. */
  anchor: (props: object) => ComponentChildren
  /** As wide as its anchor. */
  wide?: boolean
  children?: ComponentChildren
}

/** A menu that floats above everything, closes with Escape or a click elsewhere, and stays inside the window. */
export function Popover({ open, onOpen, label, anchor, wide, children }: PopoverProps) {
  const id = useId()
  const panel = useRef<HTMLDivElement>(null)
  const place = useRef<HTMLSpanElement>(null)
  const wasOpen = useRef(false)

  // Only a change of `open` shows or hides: the browser closes it by itself too, and a redraw must not open it again.
  useLayoutEffect(() => {
    const shown = panel.current
    if (open) shown?.showPopover()
    else if (shown?.matches(':popover-open')) shown.hidePopover()
    // What had the focus is gone with the menu: it goes back to what opened it, unless something else was clicked.
    const anchored = place.current?.firstElementChild
    if (!open && wasOpen.current && document.activeElement === document.body) (anchored as HTMLElement | null)?.focus()
    wasOpen.current = open
  }, [open])

  useLayoutEffect(() => {
    const shown = panel.current
    const from = place.current?.firstElementChild?.getBoundingClientRect()
    if (!open || !shown || !from) return
    if (wide) shown.style.width = `${from.width}px`
    const size = shown.getBoundingClientRect()
    const below = innerHeight - from.bottom - 8
    const up = size.height > below && from.top > below
    shown.style.top = `${Math.max(8, up ? from.top - size.height - 4 : from.bottom + 4)}px`
    shown.style.left = `${Math.max(8, Math.min(from.left, innerWidth - size.width - 8))}px`
    shown.style.maxHeight = `${Math.max(160, (up ? from.top : below) - 8)}px`
  })

  useEffect(() => {
    const shown = panel.current
    const closing = (event: Event) => {
      if ((event as ToggleEvent).newState === 'closed') onOpen(false)
    }
    shown?.addEventListener('toggle', closing)
    return () => shown?.removeEventListener('toggle', closing)
  }, [])

  // popovertarget ties button and panel together, so that the browser does not close and open again on one press.
  const props = {
    'aria-haspopup': true,
    'aria-expanded': open,
    popovertarget: id,
    popovertargetaction: 'toggle',
    onClick: (event: Event) => {
      event.preventDefault()
      onOpen(!open)
    },
  }
  return html`<span class="anchor" ref=${place}>${anchor(props)}</span>
    <div class="popover" id=${id} popover="auto" ref=${panel} aria-label=${label}>${open && children}</div>`
}
