import { useState } from 'preact/hooks'
import type { Address, Message } from '../../mail/types.ts'
import { Avatar } from '../avatar.ts'
import { html } from '../html.ts'
import { Icon } from '../icons.ts'
import { useLive } from '../live.ts'
import { fullMoment } from '../moment.ts'
import { go } from '../place.ts'
import { sizeOf } from '../slack/files.ts'
import { Compose } from './compose.ts'
import { mail } from './mail-api.ts'
import type { MailReader } from './mailbox.ts'
import { outOfOffice } from './out-of-office.ts'

type Shown = 'html' | 'text' | 'headers'

/** One mail as its reader sees it, with its other faces: the text version, the headers, the bytes. */
export function Reading({ id, reader, canWrite }: { id: string; reader: MailReader; canWrite: boolean }) {
  const message = useLive('mail', id, () => mail.message(id))
  const [chosen, choose] = useState<Shown | null>(null)
  const [answer, setAnswer] = useState<'reply' | 'replyAll' | null>(null)
  if (!message) return null
  const shown = chosen ?? (message.html ? 'html' : 'text')
  const views: [Shown, string][] = message.html
    ? [
        ['html', 'Mail'],
        ['text', 'Text version'],
        ['headers', 'Headers'],
      ]
    : [
        ['text', 'Mail'],
        ['headers', 'Headers'],
      ]
  return html`<article class="letter" data-test="letter">
    <header>
      <button
        type="button"
        class="plain only-narrow"
        aria-label="Back to the list"
        data-test="mail-back"
        onClick=${() => go({ mail: '' })}
      ><${Icon} name="back" /></button>
      <h1 data-test="mail-subject">${message.subject || '(no subject)'}</h1>
      <div class="faces" role="group" aria-label="Show">${views.map(
        ([name, label]) => html`<button
        type="button"
        key=${name}
        aria-pressed=${shown === name}
        data-test=${`mail-view-${name}`}
        onClick=${() => choose(name)}
      >${label}</button>`,
      )}
        <a href=${mail.rawUrl(id)} target="_blank" rel="noopener">Source</a></div>
    </header>
    <${Envelope} message=${message} reader=${reader} />
    <div class="contents">
      ${
        shown === 'html' &&
        html`<iframe
        title="The mail"
        data-test="mail-html"
        sandbox="allow-popups allow-popups-to-escape-sandbox"
        src=${mail.htmlUrl(id)}
      ></iframe>`
      }
      ${shown === 'text' && html`<pre class="plain-text" data-test="mail-text">${linked(message.text)}</pre>`}
      ${shown === 'headers' && html`<table class="headers" data-test="mail-headers">${message.headers.map((header) => html`<tr><th>${header.name}</th><td>${header.value}</td></tr>`)}</table>`}
    </div>
    ${
      message.files.length > 0 &&
      html`<div class="attachments">${message.files.map(
        (file) => html`<a
      class="file-card"
      key=${file.index}
      href=${mail.attachmentUrl(id, file.index)}
      download=${file.filename}
      data-test="attachment"
    ><span class="file-icon">
    <${Icon} name="file" />
    </span><span>${file.filename}<small>
    ${sizeOf(file.size)}</small></span><${Icon} name="download" size=${16} /></a>`,
      )}</div>`
    }
    ${
      canWrite &&
      (answer
        ? html`<${Compose}
      key=${answer}
      reader=${reader}
      answers=${message}
      all=${answer === 'replyAll'}
      onDone=${() => setAnswer(null)}
    />`
        : html`<${Answers} message=${message} reader=${reader} onAnswer=${setAnswer} />`)
    }
  </article>`
}

function Envelope({ message, reader }: { message: Message; reader: MailReader }) {
  const from = message.from
  return html`<div class="envelope">
    <${Avatar}
      id=${from?.address ?? '?'}
      name=${from?.name || from?.address || '?'}
      bot=${from?.address.replace(/\+[^@]*/, '') === reader.supportAddress}
      size=${38}
    />
    <div>
      <div><b>${from?.name || from?.address || 'Nobody'}</b> ${from?.name && html`<span class="address">${from.address}</span>`}</div>
      <div class="to">to ${names(message.to, reader)}${message.cc.length > 0 && html`, cc ${names(message.cc, reader)}`}</div>
    </div>
    <time datetime=${message.receivedAt}>${fullMoment(new Date(message.receivedAt), reader.viewer)}</time>
  </div>`
}

function names(list: Address[], reader: MailReader): string {
  return list.map((one) => (one.address === reader.address ? 'me' : one.name || one.address)).join(', ')
}

interface AnswersProps {
  message: Message
  reader: MailReader
  onAnswer: (how: 'reply' | 'replyAll') => void
}

function Answers({ message, reader, onAnswer }: AnswersProps) {
  const several = message.replyAll.to.length + message.replyAll.cc.length > message.reply.to.length
  return html`<footer class="answers">
    <button
      type="button"
      class="button"
      data-test="mail-reply"
      onClick=${() => onAnswer('reply')}
    ><${Icon} name="reply" size=${16} /> Reply</button>
    ${
      several &&
      html`<button
      type="button"
      class="button"
      data-test="mail-reply-all"
      onClick=${() => onAnswer('replyAll')}
    ><${Icon} name="replyAll" size=${16} /> Reply all</button>`
    }
    <span class="grow"></span>
    <button
      type="button"
      class="button quiet"
      data-test="mail-out-of-office"
      title="What a mail program on holiday would send by itself"
      onClick=${() => outOfOffice(message, reader)}
    ><${Icon} name="palm" size=${16} /> Simulate out-of-office</button>
  </footer>`
}

/** Links in plain text can be clicked, as in every mail program. */
function linked(text: string) {
  return text
    .split(/(https?:\/\/[^\s<>"]+[^\s<>".,;:!?)\]'])/)
    .map((part, index) =>
      index % 2 ? html`<a href=${part} target="_blank" rel="noopener noreferrer">${part}</a>` : part,
    )
}
