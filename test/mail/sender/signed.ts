import { createHash, createSign, generateKeyPairSync } from 'node:crypto'
import { dkimSign } from 'mailauth'
import { parseMail } from '../../../src/mail/mail.ts'
import type { Resolver } from '../../../src/mail/sender/check-signatures.ts'
import { proveSender } from '../../../src/mail/sender/prove-sender.ts'

const pair = (modulusLength: number) =>
  generateKeyPairSync('rsa', {
    modulusLength,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })
const good = pair(2048)
const weak = pair(768)

const record = (pem: string, more = '') => `v=DKIM1; k=rsa; ${more}p=${pem.replace(/-----[^-]+-----|\s/g, '')}`

const zone: Record<string, string> = {
  's._domainkey.client.example': record(good.publicKey),
  's._domainkey.mail.client.example': record(good.publicKey),
  's._domainkey.strict.example': record(good.publicKey),
  's._domainkey.mail.strict.example': record(good.publicKey),
  's._domainkey.evil.example': record(good.publicKey),
  'weak._domainkey.client.example': record(weak.publicKey),
  'test._domainkey.client.example': record(good.publicKey, 't=y; '),
  '_dmarc.client.example': 'v=DMARC1; p=reject',
  '_dmarc.strict.example': 'v=DMARC1; p=reject; adkim=s',
}

/** The names above, and nothing else. */
export const dns: Resolver = async (name, type) => {
  const found = type === 'TXT' ? zone[name] : undefined
  if (found) return [found.match(/.{1,250}/g)!]
  throw Object.assign(new Error(`no ${name}`), { code: 'ENOTFOUND' })
}

export interface Signing {
  domain?: string
  selector?: 's' | 'weak' | 'test'
  /** Bytes of the body that are signed (l=). */
  length?: number
}

/** `mail` with a DKIM-Signature above it, made as a server of `domain` makes it. */
export async function sign(mail: string, { domain = 'client.example', selector = 's', length }: Signing = {}) {
  const { privateKey } = selector === 'weak' ? weak : good
  const signed = await dkimSign(mail, {
    canonicalization: 'relaxed/relaxed',
    signTime: new Date('2026-11-23T09:00:00Z'),
    signatureData: [
      { signingDomain: domain, selector, privateKey, ...(length === undefined ? {} : { maxBodyLength: length }) },
    ],
  } as Parameters<typeof dkimSign>[1])
  if (signed.errors.length > 0) throw new Error(String(signed.errors[0]!.err))
  return signed.signatures + mail
}

/** The mail with a signature that is good in itself and leaves out its From: by hand, since no library makes one. */
export function signWithoutFrom(mail: string): string {
  const body = mail.slice(mail.indexOf('\r\n\r\n') + 4)
  const bh = createHash('sha256').update(body).digest('base64')
  const field = `v=1; a=rsa-sha256; c=relaxed/relaxed; d=client.example; s=s; h=to:subject; bh=${bh}; b=`
  const signed = `to:support@desk.example\r\nsubject:Printer\r\ndkim-signature:${field}`
  const signature = createSign('sha256').update(signed).sign(good.privateKey, 'base64')
  return `DKIM-Signature: ${field}${signature}\r\n${mail}`
}

/** A mail as Ada writes it. */
export function written(from = 'Ada <ada@client.example>', body = 'The printer is on fire.\r\n', above = ''): string {
  return `${above}From: ${from}\r\nTo: support@desk.example\r\nSubject: Printer\r\nDate: Mon, 23 Nov 2026 09:00:00 +0000\r\nMessage-ID: <1@client.example>\r\n\r\n${body}`
}

interface Asked {
  authservId?: string | null
  resolver?: Resolver
}

/** What is proven of the sender of `mail`, as the product asks it. */
export async function proofOf(mail: string, { authservId = null, resolver = dns }: Asked = {}) {
  const raw = Buffer.from(mail)
  return proveSender(await parseMail(raw), raw, { authservId, resolver, now: new Date('2026-11-23T09:05:00Z') })
}

/** The same in short: proof and reason. */
export async function prove(mail: string, asked: Asked = {}): Promise<string> {
  const { proof, reason } = await proofOf(mail, asked)
  return `${proof}: ${reason}`
}
