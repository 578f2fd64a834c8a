import { useEffect, useRef, useState } from 'preact/hooks'
import type { SlackFile } from '../../slack/types.ts'
import { useDrop } from '../drop.ts'
import { css, html } from '../html.ts'
import { Icon } from '../icons.ts'
import { say } from '../notice.ts'
import { sizeOf } from './files.ts'
import { Popover } from './popover.ts'
import { useReader } from './reader.ts'
import { slack } from './slack-api.ts'

interface ComposerProps {
  channelId: string
  placeholder: string
  threadTs?: string
}

/** What was typed and not sent yet, by channel and thread, so that looking elsewhere loses nothing. */
const unsent = new Map<string, string>()

/** Where one writes: Enter sends, Shift+Enter breaks the line, "/" offers commands, files are dropped or picked. */
export function Composer(props: ComposerProps) {
  const { me } = useReader()
  const key = `${me} ${props.channelId} ${props.threadTs ?? ''}`
  return html`<${Field} key=${key} of=${key} ...${props} />`
}

function Field({ of: key, channelId, placeholder, threadTs }: ComposerProps & { of: string }) {
  const { me, screen } = useReader()
  const [text, setText] = useState(unsent.get(key) ?? '')
  const [files, setFiles] = useState<SlackFile[]>([])
  const [busy, setBusy] = useState(false)
  const [menu, setMenu] = useState(false)
  const field = useRef<HTMLTextAreaElement>(null)
  const picker = useRef<HTMLInputElement>(null)

  useEffect(() => {
    if (matchMedia('(pointer: fine)').matches) field.current?.focus({ preventScroll: true })
  }, [])
  useEffect(() => {
    unsent.set(key, text)
    const area = field.current
    if (!area) return
    area.style.height = 'auto'
    area.style.height = `${Math.min(area.scrollHeight, 220)}px`
  }, [text])

  const typedCommand = /^\/\S*$/.test(text)
  const offered = typedCommand ? screen.app.commands.filter((one) => one.command.startsWith(text)) : []
  const write = (next: string) => {
    setText(next)
    field.current?.focus()
  }
  const send = async () => {
    const said = text.trim()
    if (busy || (!said && !files.length)) return
    setBusy(true)
    setText('')
    try {
      const command = /^(\/\S+)\s*([\s\S]*)$/.exec(said)
      const outcome = command?.[1]
        ? await slack.slash(me, channelId, command[1], command[2] ?? '')
        : await slack.post(me, channelId, { text: said, threadTs, fileIds: files.map((file) => file.id) })
      if (outcome.ok) setFiles([])
      else {
        setText(said)
        say(outcome.says)
      }
    } catch {
      setText(said)
      say('The sandbox does not answer. Is it still running? Your text is still here.')
    } finally {
      setBusy(false)
      field.current?.focus({ preventScroll: true })
    }
  }
  const add = async (list: FileList | null | undefined) => {
    for (const file of list ?? []) {
      try {
        const uploaded = await slack.upload(me, file)
        setFiles((before) => [...before, uploaded])
      } catch (error) {
        say(`${file.name} could not be uploaded: ${(error as Error).message}`)
      }
    }
    if (picker.current) picker.current.value = ''
  }
  const drop = useDrop(add)
  const onPaste = (event: ClipboardEvent) => {
    if (!event.clipboardData?.files.length) return
    event.preventDefault()
    void add(event.clipboardData.files)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.isComposing) return
    if (event.key === 'Tab' && offered[0] && offered[0].command !== text) {
      event.preventDefault()
      setText(`${offered[0].command} `)
    }
    if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault()
      const first = offered[0]
      if (first && first.command !== text) setText(`${first.command} `)
      else void send()
    }
  }
  const runShortcut = async (callbackId: string) => {
    setMenu(false)
    const outcome = await slack.shortcut(me, callbackId)
    if (!outcome.ok) say(outcome.says)
  }
  const shortcuts = screen.app.shortcuts.filter((shortcut) => shortcut.type === 'global')
  return html`<div
    class=${css('composer', drop.over && 'over')}
    ...${drop.props}
    onPaste=${onPaste}
  >
    ${
      offered.length > 0 &&
      html`<div class="commands" role="listbox" aria-label="Commands">${offered.map(
        (one, index) => html`<button
      type="button"
      role="option"
      key=${one.command}
      aria-selected=${index === 0}
      data-test=${`command-${one.command}`}
      onClick=${() => write(`${one.command} `)}
    ><b>${one.command}</b><span>${one.description}</span><small>${screen.app.name}</small></button>`,
      )}</div>`
    }
    <textarea
      ref=${field}
      rows="1"
      value=${text}
      placeholder=${placeholder}
      aria-label=${placeholder}
      data-test=${threadTs ? 'thread-composer' : 'composer'}
      onInput=${(event: Event) => setText((event.currentTarget as HTMLTextAreaElement).value)}
      onKeyDown=${onKeyDown}
    />
    ${
      files.length > 0 &&
      html`<div class="waiting-files">${files.map(
        (file) => html`<span class="chip" key=${file.id}>${file.name} · ${sizeOf(file.size)}<button
      type="button"
      class="plain"
      aria-label=${`Remove ${file.name}`}
      onClick=${() => setFiles(files.filter((one) => one.id !== file.id))}
    ><${Icon} name="close" size=${12} /></button></span>`,
      )}</div>`
    }
    <div class="tools">
      <button
        type="button"
        class="plain"
        aria-label="Attach a file"
        title="Attach a file"
        onClick=${() => picker.current?.click()}
      ><${Icon} name="clip" /></button>
      <input
        type="file"
        multiple
        hidden
        ref=${picker}
        data-test=${threadTs ? 'thread-file' : 'composer-file'}
        onChange=${(event: Event) => add((event.currentTarget as HTMLInputElement).files)}
      />
      ${
        !threadTs &&
        html`<${Popover}
          open=${menu}
          onOpen=${setMenu}
          label="Shortcuts"
          anchor=${(props: object) => html`<button
            type="button"
            class="plain"
            aria-label="Shortcuts"
            title="Shortcuts"
            data-test="shortcuts"
            ...${props}
          ><${Icon} name="bolt" /></button>`}
        >
        <div role="menu" class="menu">${shortcuts.map(
          (shortcut) => html`<button
          type="button"
          role="menuitem"
          key=${shortcut.callbackId}
          data-test=${`shortcut-${shortcut.callbackId}`}
          onClick=${() => runShortcut(shortcut.callbackId)}
        >${shortcut.name}<small>${screen.app.name}</small></button>`,
        )}
        ${shortcuts.length === 0 && html`<p class="none">The app has no shortcuts</p>`}</div>
      <//>`
      }
      <span class="grow"></span>
      <button
        type="button"
        class=${css('send', (text.trim() || files.length) && 'ready', busy && 'busy')}
        aria-label="Send"
        data-test=${threadTs ? 'thread-send' : 'send'}
        onClick=${send}
      ><${Icon} name="send" /></button>
    </div>
  </div>`
}
