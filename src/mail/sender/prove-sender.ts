import { domainToASCII } from 'node:url'
import { type DKIMVerifyResult, dkimVerify } from 'mailauth'
import type { Mail } from '../mail.ts'
import { type HeaderField, readHeaderFields } from '../reading/header-fields.ts'
import { type AuthenticationResults, readAuthenticationResults } from './authentication-results.ts'
import { checkSignatures, type Resolver } from './check-signatures.ts'
import type { ProvenSender } from './proof.ts'

export interface ProveOptions {
  /** The name under which our own mail server writes Authentication-Results. Null: its word is not known to us. */
  authservId: string | null
  /** Answers DNS questions as `dns.promises.resolve` does, within a time limit of its own. */
  resolver: Resolver
  now: Date
}

/** As much of our reading of a mail as names its author. */
export type Author = Pick<Mail, 'from' | 'fromProblem'>

type Finding = Omit<ProvenSender, 'address'>

/**
 * Whether the mail in `raw` was written by whom its From names. Verified needs one From with one address, on which our
 * parser and mailauth agree, and DMARC passing for it: by the word of our own mail server where its name is set, else
 * by a DKIM signature that we check (design, "A mail's sender"; threats E9, E10, E13). Never throws for a bad mail; takes
 * as long as the resolver, and time in the size of the mail, so the product runs it in a thread (`SenderThread`).
 */
export async function proveSender(author: Author, raw: Buffer, options: ProveOptions): Promise<ProvenSender> {
  if (!author.from) return { proof: 'unproven', reason: 'no-single-author', address: null }
  const address = canonical(author.from.address)
  return { ...(await findingOf(address, raw, options).catch(failed)), address }
}

const failed = (): Finding => ({ proof: 'unproven', reason: 'check-failed' })

// mailauth takes seconds over a header of 200 KB; honest ones stay far below (Exchange takes 256 KB, Gmail sends 10).
const MAX_HEADER_BYTES = 100_000

async function findingOf(address: string, raw: Buffer, options: ProveOptions): Promise<Finding> {
  const { fields, body } = readHeaderFields(raw, 0, raw.length)
  const byOurServer = options.authservId === null ? null : ofResults(resultsBy(options.authservId, fields), address)
  // First of all: no header so long, and nothing else a sender can do, makes a mail better than our server found it.
  if (byOurServer?.proof === 'failed') return byOurServer
  if (body > MAX_HEADER_BYTES) return { proof: 'unproven', reason: 'header-too-large' }
  const seen = byOurServer
    ? await dkimVerify(raw.subarray(0, body), { resolver: noQuestions })
    : await dkimVerify(raw, { resolver: options.resolver, rejectRsaSha1: true, curTime: options.now })
  return disagreement(address, seen) ?? byOurServer ?? checkSignatures(seen, domainOf(address), options.resolver)
}

/** Only the topmost under its name is our server's: what a sender wrote under that name stands below (RFC 8601 §5). */
function resultsBy(authservId: string, fields: HeaderField[]): AuthenticationResults | null {
  for (const { name, raw } of fields) {
    const results = name === 'authentication-results' ? readAuthenticationResults(raw) : null
    if (results?.authservId === authservId) return results
  }
  return null
}

// The header is only read, its signatures are not asked for.
const noQuestions = async () => {
  throw Object.assign(new Error('not asked'), { code: 'ENODATA' })
}

/** Two parsers that see different authors are what spoofed mail is made of ("Composition Kills", threats E10, E11). */
function disagreement(address: string, { headerFrom, fromFields }: DKIMVerifyResult): Finding | null {
  const others = headerFrom.map(canonical)
  if (fromFields === 1 && others.length === 1 && others[0] === address) return null
  const sameTwice = fromFields <= 1 && others.every((each) => each === address)
  // A header above which a gateway left an empty line is none to mailauth.
  const sawNothing = fromFields === 0
  if (sawNothing || (sameTwice && others.length > 0)) return { proof: 'unproven', reason: 'no-single-author' }
  return { proof: 'failed', reason: 'parsers-disagree' }
}

function ofResults(found: AuthenticationResults | null, address: string): Finding {
  if (!found) return { proof: 'unproven', reason: 'no-results' }
  if (!found.results) return { proof: 'unproven', reason: 'results-unreadable' }
  const verdicts = found.results.filter(({ method }) => method === 'dmarc')
  if (verdicts.some(({ result }) => result === 'fail')) return { proof: 'failed', reason: 'dmarc-fail' }
  if (verdicts.length === 0) return { proof: 'unproven', reason: 'no-dmarc' }
  if (new Set(verdicts.map(({ result }) => result)).size > 1) return { proof: 'unproven', reason: 'results-contradict' }
  if (verdicts[0]!.result !== 'pass') return { proof: 'unproven', reason: 'no-dmarc' }
  const checked = verdicts.flatMap(({ properties }) => properties.filter(({ name }) => name === 'header.from'))
  if (checked.length === 0) return { proof: 'unproven', reason: 'results-unreadable' }
  const isOurs = ({ value }: { value: string }) =>
    value.includes('@') ? canonical(value) === address : domainOf(`@${value}`) === domainOf(address)
  return checked.every(isOurs)
    ? { proof: 'verified', reason: 'dmarc-pass' }
    : { proof: 'failed', reason: 'other-author-checked' }
}

/** An address as it is compared: lower case, the domain in ASCII. */
function canonical(address: string): string {
  return `${address.slice(0, address.lastIndexOf('@')).toLowerCase()}@${domainOf(address)}`
}

function domainOf(address: string): string {
  const domain = address
    .slice(address.lastIndexOf('@') + 1)
    .toLowerCase()
    .replace(/\.$/, '')
  return /[^\x00-\x7f]/.test(domain) ? domainToASCII(domain) : domain
}
