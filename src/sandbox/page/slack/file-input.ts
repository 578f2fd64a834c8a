import { useRef, useState } from 'preact/hooks'
import { useDrop } from '../drop.ts'
import { css, html } from '../html.ts'
import { Icon } from '../icons.ts'
import { say } from '../notice.ts'
import type { ElementProps } from './elements.ts'
import { sizeOf } from './files.ts'
import { useReader } from './reader.ts'
import { held, useSite } from './site.ts'
import { slack } from './slack-api.ts'

interface FileObject {
  id: string
  name: string
  size: number
}

/** Files chosen or dropped into a modal. They are uploaded at once, as Slack's client does, and sent with the submission. */
export function FileInput({ element, blockId, labelledBy, invalid }: ElementProps) {
  const site = useSite()
  const reader = useReader()
  const picker = useRef<HTMLInputElement>(null)
  const [uploading, setUploading] = useState(0)
  const files = (held(site, blockId, element)?.files ?? []) as FileObject[]
  const most = Number(element.max_files ?? 10)
  const types = (element.filetypes ?? []) as string[]

  const add = async (list: FileList | null | undefined) => {
    const chosen = [...(list ?? [])]
    if (!chosen.length) return
    setUploading(chosen.length)
    try {
      const uploaded = await Promise.all(chosen.map((file) => slack.upload(reader.me, file)))
      await site.fill(element, blockId, [...files.map((file) => file.id), ...uploaded.map((file) => file.id)])
    } catch (error) {
      say(`That file could not be uploaded: ${(error as Error).message}`)
    } finally {
      setUploading(0)
      if (picker.current) picker.current.value = ''
    }
  }
  const drop = useDrop(add)
  const remove = (id: string) =>
    site.fill(
      element,
      blockId,
      files.filter((file) => file.id !== id).map((file) => file.id),
    )

  return html`<div
    class=${css('drop', drop.over && 'over', invalid && 'invalid')}
    ...${drop.props}
  >
    ${files.map(
      (file) => html`<div class="file-row" key=${file.id} data-test="file">
        <${Icon} name="file" /><span>${file.name}<small>${sizeOf(file.size)}</small></span>
        <button
          type="button"
          class="plain"
          aria-label=${`Remove ${file.name}`}
          onClick=${() => remove(file.id)}
        ><${Icon} name="close" size=${14} /></button>
      </div>`,
    )}
    ${uploading > 0 && html`<div class="file-row uploading"><span class="spinner"></span><span>${reader.says.uploading}</span></div>`}
    ${
      files.length < most &&
      html`<button
        type="button"
        class="button"
        aria-labelledby=${labelledBy}
        onClick=${() => picker.current?.click()}
      ><${Icon} name="clip" size=${16} /> ${reader.says.addFiles}</button>
      <small>${reader.says.dropFiles(types.join(', '), most)}</small>`
    }
    <input
      ref=${picker}
      type="file"
      hidden
      multiple=${most > 1}
      accept=${types.map((type) => `.${type}`).join(',')}
      data-test=${`action-${element.action_id}`}
      onChange=${(event: Event) => add((event.currentTarget as HTMLInputElement).files)}
    />
  </div>`
}
