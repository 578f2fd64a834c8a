import type { SlackFile } from '../../slack/types.ts'
import { html } from '../html.ts'
import { Icon } from '../icons.ts'
import { slack } from './slack-api.ts'

/** Files as a message shows them: pictures as pictures, the rest as a card that downloads. */
export function Files({ files }: { files: SlackFile[] }) {
  if (!files.length) return null
  return html`<div class="files">
    ${files.map((file) => {
      const url = slack.fileUrl(file.id)
      if (/^image\/(png|jpe?g|gif|webp)$/.test(file.mimetype)) {
        return html`<figure key=${file.id} data-test="file">
        <figcaption>${file.name}</figcaption>
        <a href=${url} target="_blank" rel="noopener"><img src=${url} alt=${file.name} loading="lazy" /></a></figure>`
      }
      return html`<a class="file-card" key=${file.id} href=${url} download=${file.name} data-test="file">
        <span class="file-icon"><${Icon} name="file" /></span>
        <span>${file.name}<small>${kindOf(file.name)} · ${sizeOf(file.size)}</small></span>
        <${Icon} name="download" size=${16} />
      </a>`
    })}
  </div>`
}

function kindOf(name: string): string {
  return /\.([a-z0-9]{1,5})$/i.exec(name)?.[1]?.toUpperCase() ?? 'File'
}

/** Bytes for people: "212 KB". */
export function sizeOf(bytes: number): string {
  if (bytes < 1000) return `${bytes} bytes`
  if (bytes < 1_000_000) return `${Math.round(bytes / 1000)} KB`
  return `${(bytes / 1_000_000).toFixed(1)} MB`
}
