/** startSmtp: the SMTP submission server of the sandbox (RFC 5321, RFC 6409), by smtp-server, in front of the post office. */
import type { AddressInfo } from 'node:net'
import { SMTPServer, type SMTPServerSession } from 'smtp-server'
import type { PostOffice } from './post-office.ts'

export interface SmtpFaults {
  /** So many next mails are stored and then the connection is cut before the server says so. */
  cutsAfterData: number
  /** So many next mails are read to the end, then forgotten and the connection cut. */
  lossesAfterData: number
}

export interface Smtp {
  port: number
  close(): Promise<void>
}

const MAX_BYTES = 64 * 1024 * 1024

/** Starts it on 127.0.0.1; port 0 takes any. Anybody may send; who logs in with the password gets a copy in Sent. */
export async function startSmtp(options: {
  office: PostOffice
  password: string
  port: number
  faults: SmtpFaults
}): Promise<Smtp> {
  const { office, faults } = options
  const server = new SMTPServer({
    banner: 'Deskhand sandbox',
    logger: false,
    authOptional: true,
    allowInsecureAuth: true,
    disabledCommands: ['STARTTLS'],
    disableReverseLookup: true,
    size: MAX_BYTES,
    closeTimeout: 1,
    onAuth(auth, _session, done) {
      if (auth.password !== options.password || !auth.username) return done(null, {})
      done(null, { user: office.mailboxOf(auth.username) })
    },
    onRcptTo({ address }, _session, done) {
      const rejection = office.rejection(address)
      if (rejection === 'silence') return
      if (rejection) return done(Object.assign(new Error(rejection.text), { responseCode: rejection.code }))
      done()
    },
    onData(stream, session, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        if (stream.sizeExceeded) return done(Object.assign(new Error('5.3.4 Message too big'), { responseCode: 552 }))
        if (faults.lossesAfterData > 0) {
          faults.lossesAfterData--
          return cut(server, session)
        }
        const { mailFrom, rcptTo } = session.envelope
        office.submit({
          user: typeof session.user === 'string' ? session.user : undefined,
          from: mailFrom ? mailFrom.address : '',
          to: rcptTo.map(({ address }) => address),
          raw: Buffer.concat(chunks),
        })
        if (faults.cutsAfterData > 0) {
          faults.cutsAfterData--
          return cut(server, session)
        }
        done()
      })
    },
  })
  // A client that hangs up mid-sentence is everyday life for a mail server.
  server.on('error', () => {})
  await new Promise<void>((resolve, reject) => {
    server.server.once('error', reject)
    server.listen(options.port, '127.0.0.1', () => resolve())
  })
  return {
    port: (server.server.address() as AddressInfo).port,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

function cut(server: SMTPServer, session: SMTPServerSession): void {
  for (const connection of server.connections) {
    if (connection.session === session) (connection as unknown as { _socket: { destroy(): void } })._socket.destroy()
  }
}
