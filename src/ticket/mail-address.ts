/** A mail address somebody typed, with the name they wrote beside it, or ''. */
export interface TypedAddress {
  name: string
  address: string
}

/**
 * The mail addresses in what somebody typed or pasted, each once, lower case, and the pieces that are none, as typed.
 * Between them stand line ends, commas, semicolons or blanks; `Ada Lovelace <ada@acme.example>` is one.
 */
export function readAddresses(text: string): { addresses: TypedAddress[]; bad: string[] } {
  const addresses = new Map<string, TypedAddress>()
  const bad: string[] = []
  for (const piece of text.split(/[,;\n\r]+/).flatMap(named)) {
    const { name, address } = piece
    if (!isMailAddress(address)) bad.push(address)
    else if (!addresses.has(address.toLowerCase()))
      addresses.set(address.toLowerCase(), { name, address: address.toLowerCase() })
  }
  return { addresses: [...addresses.values()], bad }
}

function named(piece: string): TypedAddress[] {
  const from = piece.indexOf('<')
  if (from >= 0 && piece.trimEnd().endsWith('>')) {
    const name = piece.slice(0, from).replaceAll('"', '').trim()
    return [
      {
        name,
        address: piece
          .trimEnd()
          .slice(from + 1, -1)
          .trim(),
      },
    ]
  }
  return piece
    .split(/\s+/)
    .filter(Boolean)
    .map((each) => ({ name: '', address: each.replace(/^mailto:/i, '') }))
}

/** One plain address (RFC 5321 §4.1.2 without quoted strings or address literals) whose domain has a dot. */
export function isMailAddress(text: string): boolean {
  if (text.length > 254) return false // RFC 5321 §4.5.3.1.3, less the angle brackets
  const [, local, domain] = /^([^\s@<>()[\]\\,;:"\p{C}]{1,64})@([^\s@<>()[\]\\,;:"\p{C}]{1,253})$/u.exec(text) ?? []
  if (!local || !domain || /^\.|\.$|\.\./.test(local)) return false
  const labels = domain.split('.')
  return (
    labels.length > 1 &&
    labels.every((label) => /^[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}-]{0,61}[\p{L}\p{M}\p{N}])?$/u.test(label))
  )
}
