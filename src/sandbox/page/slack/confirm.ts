import { useEffect, useRef, useState } from 'preact/hooks'
import { html } from '../html.ts'
import { wordsOf } from './text-object.ts'

/** A confirm object (docs.slack.dev/reference/block-kit/composition-objects/confirmation-dialog-object). */
interface Confirm {
  title: unknown
  text: unknown
  confirm: unknown
  deny: unknown
  style?: string
}

let ask: ((confirm: Confirm) => Promise<boolean>) | null = null

/** Asks the question an element carries; true when it carries none. */
export async function confirmed(confirm: unknown): Promise<boolean> {
  return confirm && ask ? ask(confirm as Confirm) : true
}

/** Stands once on the page and asks what `confirmed` wants to know. */
export function ConfirmDialog() {
  const [asked, setAsked] = useState<{ confirm: Confirm; answer: (yes: boolean) => void } | null>(null)
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    ask = (confirm) => new Promise((answer) => setAsked({ confirm, answer }))
    return () => {
      ask = null
    }
  }, [])
  useEffect(() => {
    if (asked) dialog.current?.showModal()
  }, [asked])
  if (!asked) return null
  const answer = (yes: boolean) => {
    asked.answer(yes)
    setAsked(null)
  }
  const { confirm } = asked
  return html`<dialog class="confirm" ref=${dialog} onCancel=${() => answer(false)} data-test="confirm">
    <h2>${wordsOf(confirm.title)}</h2>
    <p>${wordsOf(confirm.text)}</p>
    <footer>
      <button
        type="button"
        class="button"
        data-test="confirm-no"
        onClick=${() => answer(false)}
      >${wordsOf(confirm.deny)}</button>
      <button
        type="button"
        class=${confirm.style === 'danger' ? 'button danger' : 'button primary'}
        data-test="confirm-yes"
        autofocus
        onClick=${() => answer(true)}
      >${wordsOf(confirm.confirm)}</button>
    </footer>
  </dialog>`
}
