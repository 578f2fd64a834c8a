import { domainToASCII } from 'node:url'
import addressparser from 'nodemailer/lib/addressparser'
import type { Address, FromProblem } from '../mail.ts'
import { storable } from './charset.ts'
import { decodeWords, unfold } from './header-fields.ts'

// A field naming more people than this is cut: 20,000 Cc were seen in a hostile mail.
export const MAX_ADDRESSES = 500
const MAX_ADDRESS_FIELD = 60_000

/** Every address in the fields `raws` (To, Cc, Reply-To), groups opened, in order, each once. */
export function readAddresses(raws: string[]): Address[] {
  const found = new Map<string, Address>()
  for (const raw of raws) {
    const listed = readMailboxes(raw).filter((one) => isAddrSpec(one.address))
    for (const one of listed.length ? listed : addressInComment(raw)) {
      const key = one.address.toLowerCase()
      if (!found.has(key) && found.size < MAX_ADDRESSES) found.set(key, one)
    }
  }
  return [...found.values()]
}

/** The one author of the From fields `raws`, or why there is none; `claimed` is what a person would be shown. */
export function readFrom(raws: string[]): {
  from: Address | null
  problem: FromProblem | null
  claimed: Address | null
} {
  if (raws.length === 0) return { from: null, problem: 'missing', claimed: null }
  const mailboxes = raws.flatMap((raw) => readMailboxes(raw))
  const real = mailboxes.filter((one) => isAddrSpec(one.address))
  const claimed = real[0] ?? mailboxes[0] ?? null
  if (raws.length > 1) return { from: null, problem: 'several-fields', claimed }
  const distinct = new Set(real.map((one) => one.address.toLowerCase()))
  if (distinct.size > 1) return { from: null, problem: 'several-addresses', claimed }
  if (distinct.size === 1) {
    // An unquoted "Doe, John <j@x>" comes apart at its comma.
    const name = [...new Set(mailboxes.map((one) => one.name).filter(Boolean))].join(', ')
    return { from: { ...real[0]!, name }, problem: null, claimed: { ...real[0]!, name } }
  }
  const hidden = /@/.test(mailboxes[0]?.name ?? '') && raws[0]!.includes('=?')
  return { from: null, problem: hidden ? 'encoded-address' : 'no-address', claimed }
}

/** Names and addresses of one field, in order. RFC 2047 §5: an encoded word is never an address, only a name. */
function readMailboxes(raw: string): Address[] {
  const field = unfold(raw).slice(0, MAX_ADDRESS_FIELD)
  // Blanks and commas in a broken encoded word would take the field apart; so would its @.
  const words: string[] = []
  const masked = field.replace(/=\?[^?\s]{1,40}\?[bq]\?[^?]{0,20000}\?=/gi, (word) => {
    words.push(word)
    return `${MASK}${words.length - 1}${MASK}`
  })
  const unmask = (text: string) =>
    text
      .replace(new RegExp(`"(?=${MASK})|(?<=${MASK})"`, 'g'), '')
      .replace(MASKED, (_, at: string) => words[Number(at)] ?? '')
  // A quote that is never closed would swallow the address.
  const isOpen = (masked.match(/(?<!\\)"/g) ?? []).length % 2 === 1
  return addressparser(isOpen ? masked.replaceAll('"', '') : masked, { flatten: true }).map((one) => {
    const masksAddress = one.address.includes(MASK)
    const name = masksAddress ? unmask(`${one.name} ${one.address}`) : unmask(one.name)
    return { name: cleanName(decodeWords(name)), address: masksAddress ? '' : cleanAddress(one.address) }
  })
}

const MASK = '\ue000' // for private use: stands in no mail, and the address parser leaves it alone
const MASKED = new RegExp(`${MASK}(\\d+)${MASK}`, 'g')

// Names are shown beside the real address: no character in one may reorder or break the line.
function cleanName(name: string): string {
  return storable(name)
    .replace(/[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029]/g, ' ')
    .replace(/ +/g, ' ')
    .trim()
    .replace(/^'(.*)'$/, '$1')
    .replace(/^<+|>+$/g, (mark) => (name.includes('<') && name.includes('>') ? mark : ''))
    .slice(0, 500)
}

/** The domain always in ASCII, so that a look-alike in another script is seen for what it is (UTS #39). */
function cleanAddress(address: string): string {
  const text = decodeWords(address)
    .replace(/[\x00-\x1f\x7f\u2028\u2029]/g, '')
    .replace(/^mailto:/i, '')
    .trim()
  const at = text.lastIndexOf('@')
  if (at < 0) return text
  const domain = text.slice(at + 1)
  const ascii = /[^\x00-\x7f]/.test(domain) ? domainToASCII(domain) : domain
  return `${text.slice(0, at)}@${ascii || domain}`.replace(/[.>]+$/, '')
}

/** Whether `address` can be written to: one @ outside quotes, something on both sides, RFC 5321 §4.5.3.1 lengths. */
export function isAddrSpec(address: string): boolean {
  return (
    address.length <= 320 && /^(?:"[^"\\\r\n]{1,62}"|[^\s@"(),:;<>[\\\]]{1,64})@[^\s@"(),:;<>\\]{1,255}$/.test(address)
  )
}

/** `To: name (a@b)`: old Usenet style, where the comment holds the address. */
function addressInComment(raw: string): Address[] {
  const field = unfold(raw).slice(0, 2_000)
  const comment = /\(([^\s()<>@]{1,64}@[^\s()<>@]{1,255})\)/.exec(field)
  if (!comment || !isAddrSpec(comment[1]!)) return []
  return [{ name: cleanName(decodeWords(field.slice(0, comment.index))), address: comment[1]! }]
}
