import type { MailboxSummary, MessageSummary } from '../../mail/types.ts'
import { Avatar } from '../avatar.ts'
import { css, html } from '../html.ts'
import { Icon } from '../icons.ts'
import { useLive } from '../live.ts'
import { shortMoment, type Viewer } from '../moment.ts'
import { go, type Place } from '../place.ts'
import { Compose } from './compose.ts'
import { mail } from './mail-api.ts'
import { Reading } from './reading.ts'

export interface MailReader {
  address: string
  name: string
  viewer: Viewer
  now: Date
  supportAddress: string
}

/** A mail program, as one person sees it; the desk's own mailbox can be looked into as well. */
export function Mailbox({ place, reader }: { place: Place; reader: MailReader }) {
  const address = place.mailbox || reader.address
  const mailboxes = useLive('mail', 'mailboxes', mail.mailboxes)
  const messages = useLive('mail', `${address} ${place.folder}`, () => mail.messages(address, place.folder))
  const box = mailboxes?.find((one) => one.address === address)
  const own = { ...reader, address, name: box?.name || reader.name }
  const composing = place.mail.startsWith('new')
  return html`<div class=${css('mail', place.mail && 'has-mail')}>
    <nav class="mailboxes" aria-label="Mailboxes">
      ${
        !box?.support &&
        html`<button
        type="button"
        class="button primary new-mail"
        data-test="mail-new"
        onClick=${() => go({ mail: 'new' })}
      ><${Icon} name="pen" size=${16} /> New mail</button>`
      }
      ${ordered(mailboxes ?? [], reader.address).map(
        (one) => html`<${MailboxRow}
        key=${one.address}
        box=${one}
        on=${one.address === address}
        own=${one.address === reader.address}
        folder=${place.folder}
      />`,
      )}
    </nav>
    <section class="list" aria-label="Mails">
      <header><h1>${box?.name ?? reader.name}</h1>
      <small>${place.folder === 'Sent' ? 'Sent' : 'Inbox'} · ${address}</small></header>
      <div class="rows">
        ${messages?.map(
          (one, index) => html`<${MailRow}
          key=${one.id}
          message=${one}
          index=${index}
          on=${one.id === place.mail}
          reader=${own}
          folder=${place.folder}
        />`,
        )}
        ${
          messages?.length === 0 &&
          html`<${EmptyList}
          support=${Boolean(box?.support)}
          folder=${place.folder}
          supportAddress=${reader.supportAddress}
        />`
        }
      </div>
    </section>
    <section class="reading" aria-label="Mail">
      ${
        composing &&
        html`<${Compose}
        key=${`${own.address} ${place.mail}`}
        reader=${own}
        to=${[reader.supportAddress]}
        onDone=${() => go({ mail: '' })}
      />`
      }
      ${
        place.mail &&
        !composing &&
        html`<${Reading}
        key=${place.mail}
        id=${place.mail}
        reader=${own}
        canWrite=${!box?.support}
      />`
      }
      ${!place.mail && html`<div class="empty"><span class="big"><${Icon} name="mail" size=${44} /></span><h2>Nothing open</h2><p>Choose a mail on the left${box?.support ? '' : `, or write one to ${reader.supportAddress}: it opens a ticket`}.</p></div>`}
    </section>
  </div>`
}

/** One's own first, the desk's last: it is there to look into. */
function ordered(boxes: MailboxSummary[], own: string): MailboxSummary[] {
  const rank = (box: MailboxSummary) => (box.address === own ? 0 : box.support ? 2 : 1)
  return [...boxes].sort((a, b) => rank(a) - rank(b))
}

function MailboxRow({ box, on, own, folder }: { box: MailboxSummary; on: boolean; own: boolean; folder: string }) {
  const unread = box.folders.find((one) => one.name === 'INBOX')?.unread ?? 0
  const open = (name: 'INBOX' | 'Sent') => go({ mailbox: own ? '' : box.address, folder: name, mail: '' })
  return html`<div class=${css('mailbox', on && 'on')}>
    <button
      type="button"
      class=${css('row', on && folder === 'INBOX' && 'here', unread && 'unread')}
      data-test=${`mailbox-${box.address}`}
      onClick=${() => open('INBOX')}
    >
      <${Avatar} id=${box.address} name=${box.name || box.address} bot=${box.support} size=${24} />
      <span>${box.name || box.address}<small>${own ? 'you' : box.support ? 'the desk' : box.address}</small></span>
      ${unread ? html`<span class="count">${unread}</span>` : null}
    </button>
    ${
      on &&
      html`<button
      type="button"
      class=${css('row sub', folder === 'Sent' && 'here')}
      data-test="folder-sent"
      onClick=${() => open('Sent')}
    >Sent <small>${box.folders.find((one) => one.name === 'Sent')?.total ?? 0}</small></button>`
    }
  </div>`
}

interface RowProps {
  message: MessageSummary
  index: number
  on: boolean
  reader: MailReader
  folder: string
}

function MailRow({ message, index, on, reader, folder }: RowProps) {
  const other = folder === 'Sent' ? message.to[0] : message.from
  const name = other?.name || other?.address || 'nobody'
  const at = new Date(message.receivedAt)
  return html`<button
    type="button"
    class=${css('mail-row', on && 'on', message.unread && 'unread')}
    data-test=${`mail-${index}`}
    data-subject=${message.subject}
    aria-current=${on}
    onClick=${() => go({ mail: message.id })}
  >
    <span class="top"><b>
    ${folder === 'Sent' ? `To ${name}` : name}</b>
    <time datetime=${message.receivedAt}>${shortMoment(at, reader.now, reader.viewer)}</time></span>
    <span class="subject">
    ${message.subject || '(no subject)'}${message.attachments > 0 && html` <${Icon} name="clip" size=${14} />`}</span>
    <span class="preview">${message.preview}</span>
  </button>`
}

function EmptyList({ support, folder, supportAddress }: { support: boolean; folder: string; supportAddress: string }) {
  if (folder === 'Sent') return html`<div class="empty small"><p>Nothing sent yet.</p></div>`
  return html`<div class="empty small">
    <h2>No mail yet</h2>
    <p>${support ? 'What people write to the desk arrives here, and the desk reads it within seconds.' : html`Open a request in Slack, or write to <b>${supportAddress}</b>. The desk's answers arrive here.`}</p>
  </div>`
}
