import type { Context, Hono } from 'hono'
import type { Clock } from '../clock.ts'
import type { CodePair, Linking } from '../linking.ts'
import { hashOf, type Secrets } from '../secrets.ts'
import type { Database } from '../store/database.ts'
import { people } from '../store/people.ts'
import { loadTicket, ticketOfSecret } from '../store/tickets.ts'
import type { Templates, Words } from '../templates.ts'
import { readAddresses } from '../ticket/mail-address.ts'
import { Refusal } from '../ticket/refusal.ts'
import { codesContent, doneContent, joinContent } from './join-page.ts'
import { askedLocale } from './language.ts'
import { type Html, page, spoken } from './page.ts'
import { provePage, sourceOfPage } from './page-proof.ts'
import { postedFields } from './posted.ts'
import { secretPage } from './secret-page.ts'

interface JoinParts {
  database: Database
  clock: Clock
  templates: Templates
  secrets: Secrets
  linking: Pick<Linking, 'askBoth' | 'confirmBoth'>
  isOwnAddress?(address: string): boolean
  publicUrl: string
  companyName: string
  newId: () => string
}

/**
 * The page behind a link in the first acknowledgement, on which two addresses become one person's. The link alone opens
 * nothing: it may have been forwarded, so a code goes to each of the two, and both are asked for. GET and HEAD mail
 * nothing (W1); what is answered is the same whoever has the other address (W5, W6).
 */
export function joinRoutes(parts: JoinParts, notFound: (c: Context) => Response | Promise<Response>): Hono {
  return secretPage(parts, '/addresses/:token', notFound, {
    open: (c, token) => open(parts, c, token),
    show: (_, asking) => asking.show(200, joinContent({ ...asking, told: null, typed: '' })),
    take: (_, asking, body) => {
      const fields = postedFields(body)
      const sent = fields && readSent(fields)
      if (!sent) return null
      const isOurs = sourceOfPage(parts.secrets, parts.clock, 'join', asking.token, sent.page) !== null
      const told = isOurs ? null : asking.words('join.once-more')
      return 'address' in sent ? mailCodes(parts, asking, sent.address, told) : join(parts, asking, sent, told)
    },
  })
}

interface Asking {
  token: string
  contactId: number
  words: Words
  /** What the page proves itself with when it is sent. */
  proof: string
  show(status: 200 | 403 | 422, content: Html): Response | Promise<Response>
}

async function open(parts: JoinParts, c: Context, token: string): Promise<Asking | null> {
  const { database, templates, companyName, secrets, clock } = parts
  const ticketId = await ticketOfSecret(database, 'describe', hashOf(token))
  const ticket = ticketId === null ? null : await loadTicket(database, ticketId)
  if (!ticket) return null
  const [requester] = await people(database, [ticket.requesterId])
  const locale = requester?.locale ?? askedLocale(c, templates.locales, ticket.locale)
  const words = templates.words(locale)
  const frame = { companyName, lang: spoken(locale, templates.locales), title: words('join.title') }
  const proof = provePage(secrets, clock, 'join', token, parts.newId())
  const show: Asking['show'] = (status, content) => c.html(page(frame, content), status)
  return { token, contactId: ticket.requesterId, words, proof, show }
}

type SentCodes = { page: string; ids: CodePair; typed: CodePair }
type Sent = { page: string; address: string } | SentCodes

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** Reads a posted page, or null when it is none of ours (W21). */
function readSent(fields: Map<string, string>): Sent | null {
  const names = [...fields.keys()].sort().join()
  const field = (name: string) => fields.get(name) ?? ''
  if (names === 'address,page') return { page: field('page'), address: field('address').trim().slice(0, 320) }
  if (names !== 'code_other,code_own,other,own,page') return null
  const ids = { own: field('own'), other: field('other') }
  if (!uuid.test(ids.own) || !uuid.test(ids.other) || ids.own === ids.other) return null
  return { page: field('page'), ids, typed: { own: field('code_own'), other: field('code_other') } }
}

async function mailCodes(parts: JoinParts, asking: Asking, typed: string, told: string | null) {
  const { addresses, bad } = readAddresses(typed)
  const [address] = addresses
  if (told) return asking.show(403, joinContent({ ...asking, told, typed }))
  if (!address || addresses.length > 1 || bad.length > 0 || parts.isOwnAddress?.(address.address))
    return asking.show(422, joinContent({ ...asking, told: asking.words('join.bad-address'), typed }))
  const ids = await parts.linking.askBoth(asking.contactId, address.address)
  return asking.show(200, codesContent({ ...asking, told: asking.words('join.sent'), ids }))
}

async function join(parts: JoinParts, asking: Asking, { ids, typed }: SentCodes, told: string | null) {
  if (told) return asking.show(403, codesContent({ ...asking, told, ids }))
  try {
    const { address, tickets } = await parts.linking.confirmBoth(asking.contactId, ids, typed)
    return asking.show(200, doneContent(asking.words, address, tickets))
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const why = asking.words(`refusal.${error.code}`, error.params)
    return asking.show(422, codesContent({ ...asking, told: why, ids }))
  }
}
