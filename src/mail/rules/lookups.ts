import type { Mail } from '../mail.ts'
import { tokenIn } from '../threading.ts'
import { originalIds } from './report.ts'

/** Message-IDs the store must look up before `decideMail`: those answered, and those a delivery report is about. */
export function quotedMessageIds(mail: Mail): string[] {
  const answered = [mail.inReplyTo, ...mail.references].filter((id) => id !== null)
  return [...new Set([...answered, ...originalIds(mail)])]
}

// Where the address a mail really reached may stand. Delivered-To is the server's word, To and Cc are the sender's.
const RECIPIENT_FIELDS = ['delivered-to', 'x-original-to', 'envelope-to', 'x-envelope-to', 'apparently-to']

/** Tokens of the reply addresses `mail` was sent to, each once: to be looked up by their hash, exactly. */
export function replyTokens(mail: Mail, ownAddresses: string[]): string[] {
  const written = [...mail.to, ...mail.cc].map((one) => one.address)
  const reached = RECIPIENT_FIELDS.flatMap((name) => mail.headers.get(name) ?? []).flatMap(
    (value) => value.slice(0, 2_000).match(/[^\s<>,;:"]+@[^\s<>,;:"]+/g) ?? [],
  )
  const tokens = [...written, ...reached]
    .map((address) => tokenIn(address, ownAddresses))
    .filter((token) => token !== null)
  return [...new Set(tokens)].slice(0, MAX_TOKENS)
}

// An answer names one ticket, a merged thread two or three; more is guessing (threats E4).
const MAX_TOKENS = 5
