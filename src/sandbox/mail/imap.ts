/**
 * startImap: the support mailbox over IMAP4rev1, by hoodiecrow-imap on top of `Mailboxes`. Hoodiecrow knows one user and keeps
 * its own state; where it falls short this file stands around it: messages are windows onto stored mails, `BODY[]` is handed
 * out without parsing, an unfinished IDLE leaves no timer, and commands come from a list instead of from the file system.
 */
import { createRequire } from 'node:module'
import type { Server, Socket } from 'node:net'
import hoodiecrow, { type CommandHandler, type ImapFolder, type ImapMessage, type ImapServer } from 'hoodiecrow-imap'
import type { Folder, Mailboxes, StoredMail } from './mailboxes.ts'
import type { FolderName } from './types.ts'

export interface ImapFaults {
  /** So many next answers to BODY[] lack their last bytes, while RFC822.SIZE stays true. */
  shortReads: number
  /** So many next connections are cut after their first BODY[]. */
  cutsInFetch: number
}

export interface Imap {
  port: number
  /** Cuts every open connection. */
  drop(): void
  close(): Promise<void>
}

const commands = new Set(
  (
    'APPEND CAPABILITY CHECK CLOSE COPY CREATE DELETE EXAMINE EXPUNGE FETCH ID IDLE LIST LOGIN LOGOUT LSUB NAMESPACE NOOP ' +
    'RENAME SEARCH SELECT STATUS STORE SUBSCRIBE UNSELECT UNSUBSCRIBE'
  ).split(' '),
)
for (const command of ['COPY', 'EXPUNGE', 'FETCH', 'SEARCH', 'STORE']) commands.add(`UID ${command}`)

/** Hoodiecrow's own answers, for the sections of a mail; it gives no other way to call them. */
const own: ImapServer['fetchHandlers'] = createRequire(import.meta.url)(
  'hoodiecrow-imap/lib/commands/handlers/fetch.js',
)
const parsingBody = { BODY: own.BODY!, 'BODY.PEEK': own['BODY.PEEK']! }

/** Starts the IMAP server of one mailbox on 127.0.0.1; port 0 takes any. */
export async function startImap(options: {
  mailboxes: Mailboxes
  user: string
  password: string
  port: number
  faults: ImapFaults
}): Promise<Imap> {
  const { mailboxes, user, faults } = options
  const server = hoodiecrow({
    plugins: ['ID', 'NAMESPACE', 'SPECIAL-USE', 'LITERALPLUS', 'UNSELECT', 'UIDPLUS', idle],
    users: { [user]: { password: options.password } },
    storage: { INBOX: {}, '': { separator: '/', folders: { Sent: { 'special-use': '\\Sent' } } } },
  })
  onlyListedCommands(server)
  readFromStore(server, faults)

  const windows = new WeakMap<StoredMail, MessageWindow>()
  const windowOf = (mail: StoredMail) => {
    const window = windows.get(mail) ?? new MessageWindow(mail, mailboxes, server.formatInternalDate(mail.receivedAt))
    windows.set(mail, window)
    return window
  }
  const show = (folder: Folder): ImapFolder => {
    const shown = server.getMailbox(folder.name)
    if (!shown) throw new Error(`the IMAP server has no folder ${folder.name}: add it to its storage`)
    shown.messages = folder.mails.map(windowOf)
    shown.uidvalidity = folder.uidValidity
    shown.uidnext = folder.uidNext
    return shown
  }
  for (const name of ['INBOX', 'Sent'] satisfies FolderName[]) show(mailboxes.folder(user, name))

  const forget = mailboxes.onChange(({ type, folder, mail }) => {
    if (folder.mailbox !== user) return
    if (type === 'arrived' && mail) {
      const shown = server.getMailbox(folder.name)
      if (!shown) return
      shown.messages.push(windowOf(mail))
      shown.uidnext = folder.uidNext
      server.notify({ tag: '*', attributes: [shown.messages.length, { type: 'ATOM', value: 'EXISTS' }] }, shown)
    }
    if (type === 'renumbered') show(folder)
  })
  server.appendMessage = (shown, flags, date, raw) => {
    const name: FolderName = shown === server.getMailbox('Sent') ? 'Sent' : 'INBOX'
    const mail = mailboxes.add(user, name, Buffer.from(raw, 'latin1'), flags, date ? new Date(date) : undefined)
    return { mailbox: shown, message: windowOf(mail) }
  }
  server.outputHandlers.push((_connection, _response, description, _parsed, _data, extra) => {
    if (!/^(UID )?STORE COMPLETE$/.test(description) || !Array.isArray(extra)) return
    for (const item of extra) {
      const message = Array.isArray(item) ? item[1] : item
      if (message instanceof MessageWindow) mailboxes.flagsChanged(message.mail)
    }
  })

  const sockets = trackSockets(server.server)
  await new Promise<void>((resolve, reject) => {
    server.server.once('error', reject)
    server.listen(options.port, '127.0.0.1', resolve)
  })
  const drop = () => {
    for (const socket of sockets) socket.destroy()
  }
  return {
    port: portOf(server.server),
    drop,
    async close() {
      forget()
      const closed = new Promise<void>((resolve) => server.server.close(() => resolve()))
      drop()
      await closed
    },
  }
}

/** A stored mail as hoodiecrow wants it: read when asked, written through. */
class MessageWindow implements ImapMessage {
  readonly mail: StoredMail
  readonly internaldate: string
  readonly #mailboxes: Mailboxes

  constructor(mail: StoredMail, mailboxes: Mailboxes, internaldate: string) {
    this.mail = mail
    this.#mailboxes = mailboxes
    this.internaldate = internaldate
  }

  get uid(): number {
    return this.mail.uid
  }

  get flags(): string[] {
    return this.mail.flags
  }

  set flags(flags: string[]) {
    this.mail.flags = flags
  }

  get raw(): string {
    return this.mail.raw.toString('latin1')
  }

  /** Hoodiecrow's mark on an expunged message. */
  set ghost(gone: boolean) {
    if (gone) this.#mailboxes.remove(this.mail)
  }
}

function readFromStore(server: ImapServer, faults: ImapFaults): void {
  const whole = (message: ImapMessage): Buffer =>
    message instanceof MessageWindow ? message.mail.raw : Buffer.from(message.raw, 'latin1')
  server.fetchHandlers['RFC822.SIZE'] = (_connection, message) =>
    message instanceof MessageWindow ? message.mail.size : message.raw.length
  for (const [name, parsing] of Object.entries(parsingBody)) {
    server.fetchHandlers[name] = (connection, message, query) => {
      if (!query.section || query.section.length > 0 || query.partial) return parsing(connection, message, query)
      let raw = whole(message)
      if (faults.shortReads > 0) {
        faults.shortReads--
        raw = raw.subarray(0, Math.floor(raw.length / 2))
      }
      if (faults.cutsInFetch > 0) {
        faults.cutsInFetch--
        connection.socket?.destroy()
      }
      return { type: 'LITERAL', value: raw.toString('latin1') }
    }
  }
  server.searchHandlers.HEADER = (_connection, message, _index, key, value) => {
    const raw = whole(message)
    const end = raw.indexOf('\r\n\r\n')
    const head = raw
      .subarray(0, end < 0 ? raw.length : end)
      .toString('latin1')
      .replace(/\r\n[ \t]+/g, ' ')
    const name = `${String(key).toLowerCase()}:`
    return head.split('\r\n').some((line) => {
      const lower = line.toLowerCase()
      return lower.startsWith(name) && lower.slice(name.length).includes(String(value).toLowerCase())
    })
  }
}

/** IDLE (RFC 2177) without hoodiecrow's half-hour timer, which outlives its connection and keeps the process alive. */
function idle(server: ImapServer): void {
  server.registerCapability('IDLE')
  server.setCommandHandler('IDLE', (connection, parsed, data, done) => {
    const answer = (command: string, value: string) =>
      connection.send({ tag: parsed.tag, command, attributes: [{ type: 'TEXT', value }] }, 'IDLE', parsed, data)
    if (connection.state === 'Not Authenticated') {
      answer('NO', 'Log in first')
      return done()
    }
    connection.inputHandler = (line) => {
      connection.inputHandler = false
      connection.directNotifications = false
      if (line.toUpperCase() === 'DONE') answer('OK', 'IDLE terminated')
      else answer('BAD', 'Expected DONE')
    }
    connection.socket?.write('+ idling\r\n')
    connection.directNotifications = true
    connection.processNotifications()
    done()
  })
}

/** Hoodiecrow loads a command it does not know from a file of that name, wherever the name points. */
function onlyListedCommands(server: ImapServer): void {
  const find = server.getCommandHandler.bind(server)
  server.getCommandHandler = (command): CommandHandler | false =>
    commands.has(String(command).toUpperCase()) ? find(command) : false
}

function trackSockets(server: Server): Set<Socket> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket) => {
    // Hoodiecrow writes each line by itself: with Nagle's algorithm every command would wait 40 ms for an acknowledgement.
    socket.setNoDelay(true)
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  return sockets
}

function portOf(server: Server): number {
  const address = server.address()
  if (address === null || typeof address === 'string')
    throw new Error('the IMAP server has no port: it is not listening')
  return address.port
}
