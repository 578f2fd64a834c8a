import { parseMime } from './reading/parse-mime.ts'

/** One mail as it was read, in the words of RFC 5322. A field that is missing or unusable is null or empty, never invented. */
export interface Mail {
  /** The author, only if there is exactly one From field with exactly one real address; otherwise see `fromProblem`. */
  from: Address | null
  fromProblem: FromProblem | null
  /** Whom the From fields name, believable or not: to show to a person, never to decide by. Its address may be ''. */
  claimedFrom: Address | null
  sender: Address | null
  replyTo: Address[]
  to: Address[]
  cc: Address[]
  subject: string
  /** What the sender's clock said. Timers use the time the server received the mail instead. */
  date: Date | null
  /** Identifiers in canonical form, without `<>`. */
  messageId: string | null
  inReplyTo: string | null
  references: string[]
  /** The envelope sender; '' is the null return path (`<>`), null when the server wrote none. */
  returnPath: string | null
  /** First word of Auto-Submitted, lower case: 'no', 'auto-generated', 'auto-replied', … */
  autoSubmitted: string | null
  precedence: string | null
  listId: string | null
  /** The report-type of a multipart/report: 'delivery-status', 'disposition-notification', 'feedback-report', … */
  reportType: string | null
  /** Top-level content type, lower case, without parameters. */
  contentType: string
  /** What the sender's text part said, unfolded; null when there is none with a word in it. */
  text: string | null
  /** What the sender's html part said, as it came: hostile until sanitised. */
  html: string | null
  attachments: MailAttachment[]
  /** Lower-case name → decoded, unfolded values, from the top of the mail down. */
  headers: Map<string, string[]>
  /** Why nothing but the headers (if those) could be read; null for a mail that was read. */
  unreadable: Unreadable | null
  /** Repairs and oddities worth telling an operator, as short codes with detail. */
  errors: string[]
}

/** A name and an addr-spec. The domain is always in its ASCII form, so that a look-alike shows. */
export interface Address {
  name: string
  address: string
}

/** A file that came with a mail. `filename` is clean: no path, no control character. */
export interface MailAttachment {
  filename: string
  contentType: string
  size: number
  content: Buffer
  contentId: string | null
  inline: boolean
  sha256: string
}

/** Why a mail has no author we may believe: always answered by holding it, never by guessing. */
export type FromProblem = 'missing' | 'no-address' | 'several-fields' | 'several-addresses' | 'encoded-address'

export type Unreadable =
  | 'empty'
  | 'no-headers'
  | 'too-many-parts'
  | 'headers-too-large'
  | 'too-large'
  | 'took-too-long'
  | 'too-much-memory'
  | 'failed'

/** The mail in `raw`. Never throws for a bad mail: what could not be read is in `unreadable` and `errors`. */
export async function parseMail(raw: Buffer): Promise<Mail> {
  return parseMime(raw)
}
