import { useEffect, useRef, useState } from 'preact/hooks'
import type { Message } from '../../mail/types.ts'
import { useDrop } from '../drop.ts'
import { css, html } from '../html.ts'
import { Icon } from '../icons.ts'
import { say } from '../notice.ts'
import { sizeOf } from '../slack/files.ts'
import { mail } from './mail-api.ts'
import type { MailReader } from './mailbox.ts'

interface ComposeProps {
  reader: MailReader
  to?: string[]
  /** The mail this one answers. */
  answers?: Message
  all?: boolean
  onDone: () => void
}

/** Writes a mail: a new one, a reply, or a reply to all. */
export function Compose({ reader, to = [], answers, all = false, onDone }: ComposeProps) {
  const first = answers ? (all ? answers.replyAll : { ...answers.reply, cc: [] }) : null
  const list = (addresses: { address: string }[]) => addresses.map((one) => one.address).join(', ')
  const [toLine, setTo] = useState(first ? list(first.to) : to.join(', '))
  const [ccLine, setCc] = useState(first ? list(first.cc) : '')
  const [subject, setSubject] = useState(first?.subject ?? '')
  const [text, setText] = useState('')
  const [files, setFiles] = useState<File[]>([])
  const [sending, setSending] = useState(false)
  const body = useRef<HTMLTextAreaElement>(null)
  const subjectField = useRef<HTMLInputElement>(null)
  const picker = useRef<HTMLInputElement>(null)
  useEffect(() => {
    const field = answers ? body.current : subjectField.current
    field?.focus()
    field?.scrollIntoView({ block: 'nearest' })
  }, [])

  const send = async () => {
    if (sending) return
    if (!addresses(toLine).length) return say('Say who the mail goes to.')
    setSending(true)
    try {
      const said = await mail.send({
        from: reader.address,
        fromName: reader.name,
        to: addresses(toLine),
        cc: addresses(ccLine),
        subject,
        text,
        attachments: await Promise.all(files.map(attachment)),
        inReplyTo: answers?.id,
      })
      for (const one of said.refused) say(`${one.address} was refused: ${one.code} ${one.text}`)
      if (!said.refused.length) say('Sent.', 2500)
      onDone()
    } catch (error) {
      say((error as Error).message)
    } finally {
      setSending(false)
    }
  }
  const typed = (set: (text: string) => void) => (event: Event) => set((event.currentTarget as HTMLInputElement).value)
  const add = (chosen: FileList | null | undefined) => setFiles((before) => [...before, ...(chosen ?? [])])
  const drop = useDrop(add)
  const onSubmit = (event: Event) => {
    event.preventDefault()
    void send()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && (event.metaKey || event.ctrlKey)) onSubmit(event)
  }
  return html`<form
    class=${css('compose', answers && 'answer', drop.over && 'over')}
    aria-label=${answers ? 'Reply' : 'New mail'}
    data-test="compose"
    onSubmit=${onSubmit}
    onKeyDown=${onKeyDown}
    ...${drop.props}
  >
    <label class="line"><span>From</span><output>${reader.name} <small>${reader.address}</small></output></label>
    <label class="line"><span>To</span><input value=${toLine} data-test="mail-to" onInput=${typed(setTo)} /></label>
    <label class="line"><span>Cc</span><input
      value=${ccLine}
      data-test="mail-cc"
      placeholder="somebody@acme.example"
      onInput=${typed(setCc)}
    /></label>
    ${
      !answers &&
      html`<label class="line"><span>Subject</span><input
      ref=${subjectField}
      value=${subject}
      data-test="mail-subject-field"
      onInput=${typed(setSubject)}
    /></label>`
    }
    <textarea
      ref=${body}
      rows=${answers ? 6 : 12}
      value=${text}
      aria-label="Text"
      placeholder=${answers ? 'Write your reply. The earlier mail is quoted below it.' : 'What is it about?'}
      data-test="mail-body"
      onInput=${typed(setText)}
    />
    ${
      files.length > 0 &&
      html`<div class="waiting-files">${files.map(
        (file) => html`<span class="chip">${file.name} · ${sizeOf(file.size)}<button
      type="button"
      class="plain"
      aria-label=${`Remove ${file.name}`}
      onClick=${() => setFiles(files.filter((one) => one !== file))}
    ><${Icon} name="close" size=${12} /></button></span>`,
      )}</div>`
    }
    <footer>
      <button
        type="submit"
        class=${css('button primary', sending && 'busy')}
        data-test="mail-send"
      ><${Icon} name="send" size=${16} /> Send</button>
      <button
        type="button"
        class="plain"
        aria-label="Attach a file"
        title="Attach a file"
        onClick=${() => picker.current?.click()}
      ><${Icon} name="clip" /></button>
      <input
        ref=${picker}
        type="file"
        hidden
        multiple
        data-test="mail-file"
        onChange=${(event: Event) => add((event.currentTarget as HTMLInputElement).files)}
      />
      <span class="grow"></span>
      <button
        type="button"
        class="plain"
        aria-label="Discard"
        title="Discard"
        data-test="mail-discard"
        onClick=${onDone}
      ><${Icon} name="bin" /></button>
    </footer>
  </form>`
}

/** "Bruno <bruno@acme.example>, ada@acme.example" → the addresses. */
function addresses(line: string): string[] {
  return line
    .split(/[,;\n]/)
    .map((part) => (/<([^<>]+)>/.exec(part)?.[1] ?? part).trim())
    .filter(Boolean)
}

async function attachment(file: File) {
  const url = await new Promise<string>((resolve, reject) => {
    const reading = new FileReader()
    reading.onload = () => resolve(String(reading.result))
    reading.onerror = () => reject(new Error(`${file.name} could not be read`))
    reading.readAsDataURL(file)
  })
  return { filename: file.name, contentType: file.type || 'application/octet-stream', content: url.split(',')[1] ?? '' }
}
