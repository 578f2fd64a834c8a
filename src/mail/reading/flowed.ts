/**
 * `text` of a format=flowed part with its soft line breaks undone (RFC 3676 §4). Lines flow together only at the same
 * quote depth (§4.5): a reply right under a quoted line that ends in a blank stays a line of its own.
 */
export function unfold(text: string, deletesSpace: boolean): string {
  const out: string[] = []
  let flowing: { depth: number; text: string[] } | null = null
  const end = () => {
    if (flowing) out.push(`${'>'.repeat(flowing.depth)}${flowing.depth ? ' ' : ''}${flowing.text.join('')}`)
    flowing = null
  }
  for (const line of text.split('\n')) {
    let depth = 0
    while (line[depth] === '>') depth++
    const stuffed = line[depth] === ' ' ? depth + 1 : depth
    const content = line.slice(stuffed)
    const current = flowing as { depth: number; text: string[] } | null
    if (current && current.depth !== depth) end()
    // §4.3: the signature separator is a fixed line although it ends in a blank.
    const isSignature = content === '-- '
    if (isSignature) end()
    const flows = content.endsWith(' ') && !isSignature
    const kept = flows && deletesSpace ? content.slice(0, -1) : content
    if (flowing) (flowing as { depth: number; text: string[] }).text.push(kept)
    else flowing = { depth, text: [kept] }
    if (!flows) end()
  }
  end()
  return out.join('\n')
}
