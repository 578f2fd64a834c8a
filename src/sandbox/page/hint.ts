import { html } from './html.ts'
import { Icon } from './icons.ts'
import { go } from './place.ts'

const kept = 'deskhand-sandbox-hint-seen'

export function hintWasSeen(): boolean {
  return localStorage.getItem(kept) === 'yes'
}

/** The three steps of a first visit. Each takes one to where it happens. */
export function Hint({
  parts,
  command,
  onDone,
}: {
  parts: { slack: boolean; mail: boolean }
  command: string
  onDone: () => void
}) {
  const close = () => {
    localStorage.setItem(kept, 'yes')
    onDone()
  }
  const step = (number: number, title: string, words: unknown, label: string, act: () => void) =>
    html`<li><span class="number">${number}</span><div><b>${title}</b><p>${words}</p><button
      type="button"
      class="link"
      data-test=${`hint-${number}`}
      onClick=${act}
    >${label}</button></div></li>`
  return html`<aside class="hint" aria-label="How to begin" data-test="hint">
    <header><h2>A help desk in three steps</h2><button
      type="button"
      class="plain"
      aria-label="Close"
      data-test="hint-close"
      onClick=${close}
    ><${Icon} name="close" size=${16} /></button></header>
    <ol>
      ${
        parts.slack
          ? step(
              1,
              'Ask for help',
              html`You are Ada, a client. Press <b>Open a request</b> on the app's Home, or type <kbd>
              ${command}</kbd> in any channel.`,
              'Be Ada',
              () => go({ person: 'U0ADA', tab: 'slack', slack: 'home' }),
            )
          : step(1, 'Ask for help', 'You are Ada, a client. Write a mail to the desk.', 'Write it', () =>
              go({ person: 'U0ADA', tab: 'mail', mail: 'new' }),
            )
      }
      ${parts.slack && step(2, 'Answer it', html`Switch to Kofi, an agent. The ticket is a card in <b>#triage</b>: take it, reply, solve it.`, 'Be Kofi', () => go({ person: 'U0KOFI', tab: 'slack', slack: 'C0TRIAGE' }))}
      ${parts.mail && step(parts.slack ? 3 : 2, 'See both sides', 'Everything also travels by mail: read it as Ada and just reply. Push the clock to see what happens when nobody does.', 'Open her mail', () => go({ person: 'U0ADA', tab: 'mail', mailbox: '', mail: '' }))}
    </ol>
    <p class="foot">Nothing here leaves this computer.</p>
  </aside>`
}
