/** A token endpoint, and IMAP and SMTP in front of the sandbox's that take its tokens instead of a password (XOAUTH2). */
import { createServer as createHttp } from 'node:http'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { SMTPServer } from 'smtp-server'

export interface TokenEndpoint {
  url: string
  /** The forms it was sent, oldest first. */
  asked: URLSearchParams[]
  /** What it answers next; the last one stays. Without any: a new token, good for an hour. */
  answers: { status: number; body: object | string }[]
  /** Every token it gave that is still good. */
  good: Set<string>
  close(): Promise<unknown>
}

export async function startTokenEndpoint(): Promise<TokenEndpoint> {
  const asked: URLSearchParams[] = []
  const answers: TokenEndpoint['answers'] = []
  const good = new Set<string>()
  const server = createHttp(async (req, res) => {
    let text = ''
    for await (const chunk of req) text += chunk
    asked.push(new URLSearchParams(text))
    const token = `token-${asked.length}`
    const answer = (answers.length > 1 ? answers.shift() : answers[0]) ?? {
      status: 200,
      body: { access_token: token, expires_in: 3600, token_type: 'Bearer' },
    }
    if (answer.status === 200) good.add(token)
    res.writeHead(answer.status, { 'content-type': 'application/json' })
    res.end(typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body))
  })
  const url = `http://127.0.0.1:${await listening(server)}/token`
  return { url, asked, answers, good, close: () => closed(server) }
}

const bearer = (base64: string) =>
  /^user=([^\x01]*)\x01auth=Bearer ([^\x01]*)\x01\x01$/.exec(Buffer.from(base64, 'base64').toString())
const refused = Buffer.from('{"status":"401","schemes":"bearer","scope":"https://mail.google.com/"}').toString('base64')

/**
 * A proxy to the IMAP server of `imapUrl` that knows no LOGIN: who comes with a good token is logged in there with the
 * URL's password. It refuses as Gmail does, with a challenge the client must answer (RFC 7628 §3.2.2).
 */
export async function startTokenImap(imapUrl: string, good: Set<string>) {
  const behind = new URL(imapUrl)
  let refusals = 0
  const server = createServer((client) => {
    const back = connect(Number(behind.port), behind.hostname)
    let tagRefused: string | null = null
    back.on('data', (data: Buffer) => client.write(said(data)))
    lines(client, (line) => {
      const [, tag, base64] = /^(\S+) AUTHENTICATE XOAUTH2 (\S+)\r\n$/i.exec(line) ?? []
      if (tagRefused !== null) {
        client.write(`${tagRefused} NO [AUTHENTICATIONFAILED] Invalid credentials (Failure)\r\n`)
        tagRefused = null
      } else if (tag && base64) {
        const token = bearer(base64)?.[2] ?? ''
        if (good.has(token)) {
          back.write(`${tag} LOGIN "${decodeURIComponent(behind.username)}" "${behind.password}"\r\n`)
        } else {
          refusals++
          tagRefused = tag
          client.write(`+ ${refused}\r\n`)
        }
      } else if (/^\S+ (LOGIN|AUTHENTICATE)/i.test(line)) client.write(`${line.split(' ')[0]} NO Tokens only\r\n`)
      else back.write(line, 'latin1')
    })
    both(client, back)
  })
  const port = await listening(server)
  return {
    url: `imap://${behind.username}@127.0.0.1:${port}`,
    refusals: () => refusals,
    close: () => closed(server),
  }
}

/** Its mechanisms are XOAUTH2 and no other. */
const said = (data: Buffer): string =>
  data.toString('latin1').replace(/(CAPABILITY IMAP4rev1)( AUTH=\S+)*/gi, '$1 AUTH=XOAUTH2 SASL-IR')

/** An SMTP server that takes mail from whoever logs in with a good token. */
export async function startTokenSmtp(good: Set<string>) {
  const mails: { user: string; raw: string }[] = []
  const server = new SMTPServer({
    authMethods: ['XOAUTH2'],
    allowInsecureAuth: true,
    disabledCommands: ['STARTTLS'],
    disableReverseLookup: true,
    onAuth({ username, accessToken }, _session, done) {
      if (!good.has(accessToken ?? '')) return done(null, { data: { status: '401', schemes: 'bearer' } })
      done(null, { user: username ?? '' })
    },
    async onData(stream, session, done) {
      const chunks: Buffer[] = []
      for await (const chunk of stream) chunks.push(chunk as Buffer)
      mails.push({ user: String(session.user), raw: Buffer.concat(chunks).toString() })
      done()
    },
  })
  server.on('error', () => {})
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
  const { port } = server.server.address() as AddressInfo
  return {
    url: `smtp://help%40acme.test@127.0.0.1:${port}`,
    mails,
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  }
}

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

const closed = (server: Server) => new Promise((resolve) => server.close(resolve))

function lines(socket: Socket, each: (line: string) => void): void {
  let rest = ''
  socket.on('data', (data: Buffer) => {
    rest += data.toString('latin1')
    for (let end = rest.indexOf('\n'); end >= 0; end = rest.indexOf('\n')) {
      each(rest.slice(0, end + 1))
      rest = rest.slice(end + 1)
    }
  })
}

function both(one: Socket, other: Socket): void {
  for (const [from, to] of [
    [one, other],
    [other, one],
  ] as const) {
    from.on('error', () => {})
    from.on('close', () => to.destroy())
  }
}
