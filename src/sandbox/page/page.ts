/**
 * The sandbox's page: a small Slack and a mail program around the desk.
 *
 * Stable hooks for tests, all `data-test`:
 *   top      person-<user id>, tab-slack, tab-mail, tab-both, clock (data-ahead), clock-open, clock-push-1h|27h|5d, hint,
 *            hint-1|2|3, hint-open, hint-close, notice
 *   slack    channel-<name>, dm-<user id>, app, app-home, app-messages, home, composer, send, composer-file, shortcuts,
 *            shortcut-<callback_id>, command-</command>, back
 *   message  message (data-ts, data-author), message-reply, message-more, message-edit, message-delete, edit, edit-save,
 *            open-thread, thread, thread-close, thread-composer, thread-send, thread-file, file
 *   blocks   block-<block_id>, action-<action_id>, option-<value>, select-search, select-clear, confirm, confirm-yes, confirm-no
 *   modal    modal (data-callback), modal-submit, modal-close, modal-back, modal-x, modal-banner, error-<block_id>
 *   mail     mailbox-<address>, folder-sent, mail-new, mail-<n> (newest is 0; data-subject), letter, mail-subject, mail-html,
 *            mail-text, mail-headers, mail-view-html|text|headers, attachment, mail-reply, mail-reply-all, mail-out-of-office,
 *            mail-back, compose, mail-to, mail-cc, mail-subject-field, mail-body, mail-file, mail-send, mail-discard
 */
import { render } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { Hint, hintWasSeen } from './hint.ts'
import { css, html } from './html.ts'
import { startLive, useLive } from './live.ts'
import { mail } from './mail/mail-api.ts'
import { Mailbox } from './mail/mailbox.ts'
import { sayNothing, Toasts } from './notice.ts'
import { begin, usePlace } from './place.ts'
import { ConfirmDialog } from './slack/confirm.ts'
import { slack } from './slack/slack-api.ts'
import { Workspace } from './slack/workspace.ts'
import { type SandboxPerson, TopBar } from './top-bar.ts'

/** What `GET /sandbox/about` tells. */
interface About {
  people: SandboxPerson[]
  parts: { slack: boolean; mail: boolean }
  supportAddress: string
  /** Name of the Slack workspace. */
  workspace: string
}

function Page({ about }: { about: About }) {
  const { people, parts } = about
  const place = usePlace()
  const [hint, setHint] = useState(!hintWasSeen())
  const me = people.find((person) => person.id === place.person) ?? people[0]
  if (!me) throw new Error('the sandbox has no people')
  const screen = useLive('slack', me.id, () => (parts.slack ? slack.screen(me.id) : Promise.resolve(null)))
  const boxes = useLive('mail', 'mailboxes', () => (parts.mail ? mail.mailboxes() : Promise.resolve([])))

  const unreadMail = boxes?.find((box) => box.address === me.address)?.folders[0]?.unread ?? 0
  const unreadSlack = screen?.channels.reduce((sum, channel) => sum + channel.unread, 0) ?? 0
  const tab = !parts.slack ? 'mail' : !parts.mail ? 'slack' : place.tab
  useEffect(() => {
    document.title = `${unreadSlack + unreadMail ? `(${unreadSlack + unreadMail}) ` : ''}${me.realName} · Deskhand sandbox`
  }, [me.id, unreadSlack, unreadMail])

  useEffect(sayNothing, [me.id])

  const now = new Date(screen?.now ?? Date.now())
  const reader = { address: me.address, name: me.realName, viewer: me, now, supportAddress: about.supportAddress }
  return html`
    <${TopBar}
      place=${{ ...place, tab }}
      people=${people}
      parts=${parts}
      me=${me}
      unread=${{ slack: unreadSlack, mail: unreadMail }}
      onHint=${() => setHint(!hint)}
    />
    <div class=${css('stage', tab === 'both' && 'both')}>
      ${
        tab !== 'mail' &&
        (screen
          ? html`<div class="slack-side"><${Workspace}
        screen=${screen}
        place=${place}
        name=${about.workspace}
      /></div>`
          : html`<div class="slack loading"></div>`)
      }
      ${tab !== 'slack' && html`<${Mailbox} key=${me.id} place=${place} reader=${reader} />`}
    </div>
    ${
      hint &&
      html`<${Hint}
      parts=${parts}
      command=${screen?.app.commands[0]?.command ?? '/ticket'}
      onDone=${() => setHint(false)}
    />`
    }
    <${Toasts} />
    <${ConfirmDialog} />
  `
}

startLive()
const about = (await (await fetch('/sandbox/about')).json()) as About
begin(about.people.map((person) => person.id))
render(html`<${Page} about=${about} />`, document.body)
