import { createHash, createHmac, timingSafeEqual } from 'node:crypto'

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567' // RFC 4648 base32 in lower case: survives case folding in addresses

/**
 * Everything secret that our mails and links carry, derived from the one secret of the installation, so that no
 * secret lies in the database or a job and a repeated effect carries the same one. Each is 130 bits.
 */
export interface Secrets {
  /** The token in a ticket's reply address. */
  replyToken(ticketId: number): string
  /** The token in a ticket's survey link. */
  surveyToken(ticketId: number): string
  /** The token in the link to the page that asks for what a ticket does not say. */
  describeToken(ticketId: number): string
  /** The local part of the Message-ID of the mail that this effect sends. */
  messageIdPart(effectKey: string): string
  /** The token that opens our copy of a file. */
  fileToken(fileId: number): string
  /** Whether `token` opens this file; takes the same time for any wrong token. */
  opensFile(fileId: number, token: string): boolean
  /** The six digits mailed under this id, with which somebody shows that an address is theirs. */
  linkingCode(codeId: string): string
  isLinkingCode(codeId: string, code: string): boolean
  /** What the mail of this check is recognised by. */
  mailboxCheckToken(checkId: string): string
  /** What a page hands out and its POST must bring back, bound to what the page is about. */
  pageToken(about: string): string
  isPageToken(about: string, token: string): boolean
}

/** `installation`: the database's own id, because a new database counts its tickets from the beginning again. */
export function createSecrets(secret: string, installation = ''): Secrets {
  const mac = (purpose: string, about: string) =>
    createHmac('sha256', secret).update(`${installation}\n${purpose}\n${about}`).digest()
  const derive = (purpose: string, about: string) => base32(mac(purpose, about)).slice(0, 26)
  // 48 bits: no code is likelier than another by more than one in a hundred million.
  const linkingCode = (codeId: string) =>
    String(mac('linking-code', codeId).readUIntBE(0, 6) % 1_000_000).padStart(6, '0')
  return {
    replyToken: (ticketId) => derive('reply', String(ticketId)),
    surveyToken: (ticketId) => derive('survey', String(ticketId)),
    describeToken: (ticketId) => derive('describe', String(ticketId)),
    messageIdPart: (effectKey) => derive('message-id', effectKey),
    fileToken: (fileId) => derive('file', String(fileId)),
    opensFile: (fileId, token) => isEqual(derive('file', String(fileId)), token),
    linkingCode,
    isLinkingCode: (codeId, code) => isEqual(linkingCode(codeId), code),
    mailboxCheckToken: (checkId) => derive('mailbox-check', checkId),
    pageToken: (about) => derive('page', about),
    isPageToken: (about, token) => isEqual(derive('page', about), token),
  }
}

/** What the database keeps of a secret or a Message-ID of any length: its SHA-256. */
export function hashOf(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

function isEqual(a: string, b: string): boolean {
  return timingSafeEqual(hashOf(a), hashOf(b))
}

function base32(bytes: Buffer): string {
  let bits = 0
  let value = 0
  let out = ''
  for (const byte of bytes) {
    value = (value << 8) | byte
    bits += 8
    while (bits >= 5) {
      bits -= 5
      out += ALPHABET[(value >>> bits) & 31]
    }
    value &= (1 << bits) - 1
  }
  return out
}
