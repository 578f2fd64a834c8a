import { useEffect, useRef, useState } from 'preact/hooks'
import type { OpenModal } from '../../slack/types.ts'
import { css, html } from '../html.ts'
import { Icon } from '../icons.ts'
import { say } from '../notice.ts'
import { Blocks } from './blocks.ts'
import { useReader } from './reader.ts'
import { SiteContext } from './site.ts'
import { slack } from './slack-api.ts'
import { wordsOf } from './text-object.ts'
import { useMakeSite } from './use-site.ts'

/** The top view of a person's modal, with the loading, error and "trouble connecting" states of Slack's client. */
export function Modal({ modal }: { modal: OpenModal }) {
  const { view, errors, banner, depth } = modal
  const { me, screen, says } = useReader()
  const { site, handOver, showErrors } = useMakeSite(me, { viewId: view.id }, view.values, errors)
  const [sending, setSending] = useState(false)
  const body = useRef<HTMLDivElement>(null)
  const page = view.blocks.map((block) => block.block_id).join()

  // A new page starts at its top, with its first field ready for typing.
  useEffect(() => {
    if (body.current) body.current.scrollTop = 0
    const field = body.current?.querySelector<HTMLElement>('input.field, textarea.field')
    const wanted = field && matchMedia('(pointer: fine)').matches ? field : body.current?.closest<HTMLElement>('.modal')
    wanted?.focus({ preventScroll: true })
  }, [view.id, page])
  useEffect(() => {
    if (Object.keys(errors).length) body.current?.querySelector('.wrong')?.scrollIntoView({ block: 'center' })
  }, [JSON.stringify(errors)])

  const submit = async () => {
    if (sending || view.submitDisabled) return
    setSending(true)
    try {
      await handOver()
      const said = await slack.submit(me, view.id)
      // What the app did wrong stands in the modal's banner; this is for a sandbox that did not understand.
      if (!said.ok && said.error === 'refused') say(said.says)
    } finally {
      setSending(false)
      showErrors()
    }
  }
  const close = (which: 'view' | 'all') => void slack.close(me, view.id, which)
  // Wherever the focus is, except in a menu or a question above the modal, which Escape closes first.
  const leave = useRef(() => {})
  leave.current = () => close(depth > 1 ? 'view' : 'all')
  useEffect(() => {
    const onEscape = (event: KeyboardEvent) => {
      const above = document.querySelector('.popover:popover-open, dialog.confirm[open]')
      if (event.key === 'Escape' && !above) leave.current()
    }
    addEventListener('keydown', onEscape)
    return () => removeEventListener('keydown', onEscape)
  }, [])
  const onKeyDown = (event: KeyboardEvent) => {
    const field = event.target as HTMLElement
    const sends = field.matches('input.field:not([type=date]):not([type=time])') || event.metaKey || event.ctrlKey
    if (event.key === 'Enter' && sends && !event.isComposing) {
      event.preventDefault()
      if (view.submit) void submit()
    }
  }
  const waiting = sending || site.busy !== null
  return html`<${SiteContext.Provider} value=${site}>
    <div class="modal-layer"><section
      class=${css('modal', waiting && 'waiting')}
      role="dialog"
      tabindex="-1"
      aria-modal="true"
      aria-labelledby="modal-title"
      data-test="modal"
      data-callback=${view.callbackId}
      onKeyDown=${onKeyDown}
    >
      <header>
        ${
          depth > 1
            ? html`<button
          type="button"
          class="plain"
          aria-label=${says.back}
          data-test="modal-back"
          onClick=${() => close('view')}
        ><${Icon} name="back" /></button>`
            : html`<img
          class="avatar"
          src="/sandbox/assets/icon.svg"
          alt=${screen.app.name}
          width="24"
          height="24"
        />`
        }
        <h2 id="modal-title">${wordsOf(view.title)}</h2>
        <button
          type="button"
          class="plain"
          aria-label=${says.close}
          data-test="modal-x"
          onClick=${() => close('all')}
        ><${Icon} name="close" /></button>
      </header>
      <div class="progress" aria-hidden="true"></div>
      <div class="body" ref=${body}>
        ${banner && html`<p class="banner" role="alert" data-test="modal-banner"><${Icon} name="help" /> ${banner}</p>`}
        <${Blocks} key=${view.id} blocks=${view.blocks} />
      </div>
      <footer>
        <button
          type="button"
          class="button"
          data-test="modal-close"
          onClick=${() => close('view')}
        >${wordsOf(view.close) || says.cancel}</button>
        ${
          view.submit &&
          html`<button
          type="button"
          class=${css('button primary', sending && 'busy')}
          data-test="modal-submit"
          disabled=${view.submitDisabled}
          aria-busy=${sending}
          onClick=${submit}
        >${wordsOf(view.submit)}</button>`
        }
      </footer>
    </section></div>
  <//>`
}
