/** createImap: an IMAP connection by imapflow that never sends a password in clear to a stranger. */
import type { ConnectionOptions } from 'node:tls'
import { ImapFlow, type ImapFlowOptions } from 'imapflow'
import type { AccessTokens } from './oauth.ts'

export interface ImapServer {
  /** `imaps://user:password@host:993`, or `imap://…:143`, which must offer STARTTLS unless the host is this machine. */
  url: string
  /** Plain text to another machine too: only for a network that is trusted as a whole. */
  allowPlain?: boolean
  /** An OAuth 2 access token for each connection (Gmail, Microsoft 365), instead of the URL's password. */
  tokens?: AccessTokens | undefined
  tls?: ConnectionOptions
  /** Silence after which a connection counts as dead, in ms. */
  socketTimeoutMs?: number
}

/** Silence after which a connection counts as dead, unless told otherwise. */
export const SILENCE_MS = 50_000

const loopback = new Set(['localhost', '127.0.0.1', '[::1]', '::1'])

/** Is this host the machine itself? Only there may a password travel in clear. */
export const isLoopback = (host: string): boolean => loopback.has(host.toLowerCase())

/** The options of imapflow for a server. Throws an Error that names the URL's fault, never its password. */
export async function imapOptions(server: ImapServer): Promise<ImapFlowOptions> {
  const url = URL.parse(server.url)
  if (!url || (url.protocol !== 'imap:' && url.protocol !== 'imaps:') || !url.hostname)
    throw new Error('The IMAP URL must look like imaps://user:password@imap.example.com:993 (IMAP_URL)')
  if (!url.username) throw new Error('The IMAP URL names no user: imaps://user:password@host (IMAP_URL)')
  const secure = url.protocol === 'imaps:'
  const plain = !secure && (server.allowPlain === true || isLoopback(url.hostname))
  const user = decodeURIComponent(url.username)
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: Number(url.port) || (secure ? 993 : 143),
    secure,
    ...(secure ? {} : { doSTARTTLS: !plain }),
    auth: server.tokens
      ? { user, accessToken: await server.tokens.get() }
      : { user, pass: decodeURIComponent(url.password) },
    logger: false,
    disableAutoIdle: true,
    // A dead connection shows after 20 + 50 s; by itself imapflow would trust a silent IDLE for minutes.
    maxIdleTime: 20_000,
    socketTimeout: server.socketTimeoutMs ?? SILENCE_MS,
    connectionTimeout: 30_000,
    greetingTimeout: 16_000,
    ...(server.tls ? { tls: server.tls } : {}),
  }
}

/** A client that is not connected yet. `onError` hears what goes wrong when no command is waiting for it. */
export async function createImap(server: ImapServer, onError: (error: Error) => void): Promise<ImapFlow> {
  const options = await imapOptions(server)
  const client = new ImapFlow(options)
  client.on('error', onError)
  const token = options.auth?.accessToken
  if (server.tokens && token) forgetWhenRefused(client, server.tokens, token)
  return client
}

/** A token may be revoked before it expires: the next connection must not offer it again. */
function forgetWhenRefused(client: ImapFlow, tokens: AccessTokens, token: string): void {
  const connect = client.connect.bind(client)
  client.connect = async () => {
    try {
      await connect()
    } catch (error) {
      if ((error as { authenticationFailed?: boolean }).authenticationFailed) tokens.refused(token)
      throw error
    }
  }
}
