/** Html that is already escaped. The only thing the template engine lets through as it is. */
export class SafeHtml {
  readonly html: string

  constructor(html: string) {
    this.html = html
  }

  toString(): string {
    return this.html
  }
}

/** What people wrote as html: escaped, its lines kept, its http and https addresses made into links that show themselves. */
export function prose(text: string): SafeHtml {
  const html = String(text)
    .split(/\b(https?:\/\/[^\s<>"'`]+)/i)
    .map((piece, index) => (index % 2 ? link(piece) : escapeHtml(piece)))
    .join('')
  return new SafeHtml(html.replaceAll('\n', '<br>\n'))
}

const characters: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

/** Text for html, in elements and in quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => characters[character] ?? character)
}

// Longer ones are no addresses a person would follow, and Outlook cuts them.
const MAX_LINK = 2000

function link(piece: string): string {
  const address = withoutPunctuation(piece)
  if (address.length > MAX_LINK || !URL.canParse(address)) return escapeHtml(piece)
  const href = escapeHtml(address)
  return `<a href="${href}" rel="noopener noreferrer">${href}</a>${escapeHtml(piece.slice(address.length))}`
}

/** The address without what ends the sentence around it; a closing bracket stays when one was opened inside. */
function withoutPunctuation(piece: string): string {
  const endings = piece.includes('(') ? '.,;:!?]}*_' : '.,;:!?)]}*_'
  let end = piece.length
  while (end > 0 && endings.includes(piece[end - 1] ?? '')) end -= 1
  return piece.slice(0, end)
}
