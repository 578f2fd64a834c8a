/** createTransport: sends one mail by SMTP and says honestly what became of it. */
import { Readable } from 'node:stream'
import type { ConnectionOptions } from 'node:tls'
import SMTPConnection from 'nodemailer/lib/smtp-connection'
import XOAuth2 from 'nodemailer/lib/xoauth2'
import type { Clock } from '../clock.ts'
import { isLoopback } from './imap-connection.ts'
import type { AccessTokens } from './oauth.ts'
import { BadAddress, type OutgoingMail, type WrittenMail, writeMail } from './outgoing.ts'

export type { OutgoingFile, OutgoingMail } from './outgoing.ts'

export type Outcome =
  /** The server has it. `serverMessageId` when it said it gave the mail another one, as Microsoft 365 and Amazon SES do. */
  | { kind: 'done'; response: string; refused: RefusedRecipient[]; serverMessageId: string | null }
  /** It will not be taken however often it is tried. */
  | { kind: 'never'; code: number | null; response: string }
  /** It was certainly not taken; trying again may help. */
  | { kind: 'later'; code: number | null; response: string }
  /** The connection failed after the mail's bytes began to flow: it may have left. Look into Sent before sending again. */
  | { kind: 'unknown'; response: string }

export interface RefusedRecipient {
  address: string
  code: number | null
  response: string
}

export interface TransportOptions {
  /** For the Date header. */
  clock: Clock
  /** Plain text to another machine too: only for a network that is trusted as a whole. */
  allowPlain?: boolean
  /** An OAuth 2 access token for each connection, instead of the URL's password. */
  tokens?: AccessTokens | undefined
  tls?: ConnectionOptions
  /** The name to greet with (EHLO); the machine's unless said. */
  name?: string
  connectTimeoutMs?: number
  /** Silence after which a server counts as gone. RFC 5321 4.5.3.2 asks for minutes: too short makes unknown outcomes. */
  silenceTimeoutMs?: number
}

export interface Transport {
  /** Never rejects for what the server or the network does; rejects when the mail cannot be written at all. */
  send(mail: OutgoingMail): Promise<Outcome>
  /** Connects and logs in. Rejects with what to do about it. */
  verify(): Promise<void>
}

/** `smtps://user:password@host:465`, or `smtp://…:587`, which must offer STARTTLS unless the host is this machine. */
export function createTransport(smtpUrl: string, options: TransportOptions): Transport {
  const server = readUrl(smtpUrl, options)

  async function connect(): Promise<SMTPConnection> {
    const connection = new SMTPConnection(server.connection)
    try {
      await step(connection, (done) => connection.connect(done))
      const auth = await server.auth()
      if (auth && connection.allowsAuth) await step(connection, (done) => connection.login(auth, done))
      return connection
    } catch (error) {
      connection.close()
      throw error
    }
  }

  return {
    async send(mail) {
      let written: WrittenMail
      try {
        written = await writeMail(mail, options.clock.now())
      } catch (error) {
        if (error instanceof BadAddress) return { kind: 'never', code: null, response: error.message }
        throw error
      }
      if (written.envelope.to.length === 0)
        return { kind: 'never', code: null, response: 'The mail names no recipient' }
      const body = new WatchedBody(written.raw)
      let connection: SMTPConnection | undefined
      try {
        connection = await connect()
        return await transfer(connection, written, body)
      } catch (error) {
        return outcomeOf(error, body.begun)
      } finally {
        connection?.close()
      }
    },
    async verify() {
      const connection = await connect().catch((error: unknown) => {
        throw new Error(`The SMTP server cannot be used (SMTP_URL): ${outcomeOf(error, false).response}`)
      })
      connection.quit()
    },
  }
}

/** A mail's bytes that know whether anybody began to read them: nodemailer does after the server's answer to DATA. */
class WatchedBody extends Readable {
  begun = false
  readonly #raw: Buffer

  constructor(raw: Buffer) {
    super()
    this.#raw = raw
  }

  override _read(): void {
    this.begun = true
    this.push(this.#raw)
    this.push(null)
  }
}

async function transfer(
  connection: SMTPConnection,
  { envelope, raw }: WrittenMail,
  body: WatchedBody,
): Promise<Outcome> {
  const info = await step<Awaited<SendInfo>>(connection, (done) =>
    connection.send({ ...envelope, size: raw.length }, body, done),
  )
  connection.quit()
  const refused = (info.rejectedErrors ?? []).map((error) => ({
    address: error.recipient ?? '',
    code: error.responseCode ?? null,
    response: error.response ?? error.message,
  }))
  return { kind: 'done', response: info.response, refused, serverMessageId: info.serverMessageId ?? null }
}

type SendInfo = Parameters<Parameters<SMTPConnection['send']>[2]>[1] & {}

/** One step of the dialogue: settles by its callback or by the connection's error, whichever comes first. */
function step<T>(
  connection: SMTPConnection,
  start: (done: (error?: Error | null, value?: T) => void) => void,
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    connection.removeAllListeners('error')
    connection.on('error', reject)
    start((error, value) => (error ? reject(error) : resolve(value as T)))
  })
}

interface SmtpError extends Error {
  code?: string
  response?: string | false
  responseCode?: number
  rejectedErrors?: SmtpError[]
}

function outcomeOf(thrown: unknown, begun: boolean): Exclude<Outcome, { kind: 'done' }> {
  const error = (thrown instanceof Error ? thrown : new Error(String(thrown))) as SmtpError
  const code = error.responseCode ?? null
  const response = typeof error.response === 'string' ? error.response : error.message
  // An answer is an answer, also after DATA; only silence leaves it open.
  if (begun && code === null) return { kind: 'unknown', response }
  // Refusing this mail is final; refusing to talk to us, or our password, is the operator's to mend.
  const aboutThisMail = error.code === 'EENVELOPE' || error.code === 'EMESSAGE'
  const mayChange = (each: SmtpError) => {
    const its = each.responseCode ?? 0
    return (its >= 400 && its < 500) || its === 530 || its === 538
  }
  const anyMayChange = [error, ...(error.rejectedErrors ?? [])].some(mayChange)
  return { kind: aboutThisMail && !anyMayChange ? 'never' : 'later', code, response }
}

function readUrl(smtpUrl: string, options: TransportOptions) {
  const url = URL.parse(smtpUrl)
  if (!url || (url.protocol !== 'smtp:' && url.protocol !== 'smtps:') || !url.hostname)
    throw new Error('The SMTP URL must look like smtps://user:password@smtp.example.com:465 (SMTP_URL)')
  const secure = url.protocol === 'smtps:'
  const plain = !secure && (options.allowPlain === true || isLoopback(url.hostname))
  const user = decodeURIComponent(url.username)
  const pass = decodeURIComponent(url.password)
  return {
    connection: {
      host: url.hostname.replace(/^\[|\]$/g, ''),
      port: Number(url.port) || (secure ? 465 : 587),
      secure,
      requireTLS: !secure && !plain,
      ignoreTLS: plain,
      logger: false,
      connectionTimeout: options.connectTimeoutMs ?? 30_000,
      greetingTimeout: options.connectTimeoutMs ?? 30_000,
      socketTimeout: options.silenceTimeoutMs ?? 5 * 60_000,
      ...(options.name ? { name: options.name } : {}),
      ...(options.tls ? { tls: options.tls } : {}),
    },
    async auth() {
      if (!user) return undefined
      if (!options.tokens) return { user, credentials: { user, pass } }
      return { user, oauth2: tokenGenerator(user, options.tokens) }
    },
  }
}

/** Asked by nodemailer when it logs in, and once more, with `renew`, when the server refused what it got. */
function tokenGenerator(user: string, tokens: AccessTokens): XOAuth2 {
  let offered = ''
  return new XOAuth2({
    user,
    provisionCallback: (_user, renew, done) => {
      if (renew) tokens.refused(offered)
      tokens.get().then(
        (token) => {
          offered = token
          done(null, token)
        },
        (error: Error) => done(error),
      )
    },
  })
}
