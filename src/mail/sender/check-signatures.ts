import { type DKIMResult, type DKIMVerifyResult, dmarc } from 'mailauth'
import type { ProvenSender, SenderReason } from './proof.ts'

/** A DNS lookup with the signature of `dns.promises.resolve`. */
export type Resolver = (name: string, type: string) => Promise<string[][] | string[]>

/**
 * Whether one of the mail's DKIM signatures proves that `domain`, its author's, sent it. SPF needs the client's address,
 * which no mailbox keeps, so nothing here can call a mail a lie: without proof it is unproven.
 */
export async function checkSignatures(
  { headerFrom, fromFields, results }: DKIMVerifyResult,
  domain: string,
  resolver: Resolver,
): Promise<Omit<ProvenSender, 'address'>> {
  const unproven = (reason: SenderReason) => ({ proof: 'unproven', reason }) as const
  const objections = results.map(objectionTo)
  const good = results.filter((_, at) => objections[at] === null)
  if (good.length === 0) return unproven(objections.find((each) => each !== 'not-signed') ?? 'not-signed')
  const domains = good.map(({ signingDomain }) => signingDomain?.toLowerCase().replace(/\.$/, '') ?? '')
  if (domains.includes(domain)) return { proof: 'verified', reason: 'signature' }
  const related = good.filter(({ status }) => status.aligned)
  if (related.length === 0) return unproven('signature-of-another')
  // The organization's name will do, unless the author's domain asks for its very own (adkim=s, RFC 7489 §3.1.1).
  const policy = await dmarc({
    headerFrom,
    fromFields,
    spfDomains: [],
    dkimDomains: related.map(({ signingDomain }) => ({ domain: signingDomain! })),
    resolver,
  } as Parameters<typeof dmarc>[0])
  // False for several authors, of whom none is left here.
  if (policy === false || policy.status.result === 'temperror') return unproven('dns-failed')
  const isAllowed = policy.status.result === 'pass' || policy.status.result === 'none'
  return isAllowed ? { proof: 'verified', reason: 'signature' } : unproven('signature-of-another')
}

/** Why a signature proves nothing, or null. mailauth passes those that leave a part of the text unsigned (E13). */
function objectionTo({ status, signingHeaders }: DKIMResult): SenderReason | null {
  switch (status.result) {
    case 'pass':
      break
    case 'none':
      return 'not-signed'
    case 'policy': // RFC 8301: keys under 1024 bits, and SHA-1
      return 'signature-weak'
    case 'temperror':
      return 'dns-failed'
    default:
      return status.comment === 'no key' ? 'key-not-found' : 'signature-invalid'
  }
  // Whatever follows the signed length (l=) could be put there by anybody (Zone.eu, May 2024).
  if (status.underSized) return 'signature-partial'
  // RFC 6376 §3.6.1, t=y: to be treated like a mail that is not signed.
  if (status.testing) return 'signature-testing'
  const signed = signingHeaders?.keys.toLowerCase().split(/[:\s]+/) ?? []
  return signed.includes('from') ? null : 'signature-without-from'
}
