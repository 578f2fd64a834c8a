/** startDovecot: Debian's Dovecot with one mailbox in a folder of its own, to try the product on a server that others run too. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ImapFlow } from 'imapflow'
import { freePort } from '../support/free-port.ts'

/** Why Dovecot cannot be started here, or null: it drops its rights, so it wants to be started by root. */
export function noDovecot(): string | null {
  if (process.getuid?.() !== 0) return 'Dovecot wants root'
  try {
    return execFileSync('dovecot', ['--version']).toString().startsWith('2.3') ? null : 'Dovecot is not 2.3'
  } catch {
    return 'there is no Dovecot: apt-get install dovecot-imapd'
  }
}

export interface Dovecot {
  url: string
  /** Everybody has a mailbox; `url` is Ada's. */
  urlOf(user: string): string
  /**
   * Puts mails into Ada's INBOX behind Dovecot's back, as a delivery agent does: thousands in a second. Bytes come out as
   * they went in when every line ends in CRLF. `read`: as if somebody had read them already.
   */
  put(raws: Buffer[], options?: { read?: boolean; user?: string }): void
  /** The files of Ada's INBOX. */
  files(): Buffer[]
  /** Puts a mail into the INBOX, or Sent. */
  append(raw: Buffer, folder?: string): Promise<void>
  flags(): Promise<string[][]>
  /** Forgets all UIDs, as a mailbox restored from a backup does. */
  renumber(): Promise<void>
  stop(): Promise<void>
}

export async function startDovecot(): Promise<Dovecot> {
  const dir = mkdtempSync(join(tmpdir(), 'dovecot-'))
  chmodSync(dir, 0o777)
  const port = await freePort()
  const config = join(dir, 'dovecot.conf')
  writeFileSync(config, configuration(dir, port))
  let running = await run(config, port, dir)
  const urlOf = (user: string) => `imap://${user}:secret@127.0.0.1:${port}`
  const maildir = (user = 'ada') => join(dir, 'mail', user)
  const owner = idsOfMail()
  let written = 0

  async function withClient<T>(act: (client: ImapFlow) => Promise<T>): Promise<T> {
    const auth = { user: 'ada', pass: 'secret' }
    const client = new ImapFlow({ host: '127.0.0.1', port, secure: false, doSTARTTLS: false, auth, logger: false })
    client.on('error', () => {})
    await client.connect()
    try {
      return await act(client)
    } finally {
      client.close()
    }
  }

  return {
    url: urlOf('ada'),
    urlOf,
    put(raws, { read = false, user } = {}) {
      const folder = (name: string) => join(maildir(user), name)
      for (const path of [join(dir, 'mail'), maildir(user), ...['cur', 'new', 'tmp'].map(folder)]) {
        mkdirSync(path, { recursive: true })
        chownSync(path, owner.uid, owner.gid)
      }
      for (const raw of raws) {
        const name = `${1_700_000_000 + ++written}.M${written}.test`
        writeFileSync(join(folder('tmp'), name), raw)
        chownSync(join(folder('tmp'), name), owner.uid, owner.gid)
        renameSync(join(folder('tmp'), name), read ? join(folder('cur'), `${name}:2,S`) : join(folder('new'), name))
      }
    },
    files: () =>
      ['cur', 'new'].flatMap((name) =>
        readdirSync(join(maildir(), name)).map((file) => readFileSync(join(maildir(), name, file))),
      ),
    append: (raw, folder = 'INBOX') => withClient(async (client) => void (await client.append(folder, raw))),
    flags: () =>
      withClient(async (client) => {
        await client.mailboxOpen('INBOX')
        const mails = await client.fetchAll('1:*', { flags: true })
        return mails.map(({ flags }) => [...(flags ?? [])].filter((flag) => flag !== '\\Recent'))
      }),
    async renumber() {
      await end(running)
      for (const file of readdirSync(maildir())) if (/^dovecot[.-]/.test(file)) rmSync(join(maildir(), file))
      running = await run(config, port, dir)
    },
    async stop() {
      await end(running)
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

const configuration = (dir: string, port: number) => `
base_dir = ${dir}/run
state_dir = ${dir}/state
log_path = ${dir}/log
protocols = imap
ssl = no
mail_location = maildir:${dir}/mail/%u
first_valid_uid = 1
mail_uid = mail
mail_max_userip_connections = 100
mail_gid = mail
mailbox_idle_check_interval = 1 secs
passdb {
  driver = static
  args = password=secret
}
userdb {
  driver = static
  args = uid=mail gid=mail home=${dir}/home
}
namespace inbox {
  inbox = yes
  mailbox Sent {
    auto = create
    special_use = \\Sent
  }
}
service imap {
  process_limit = 200
}
service imap-login {
  inet_listener imap {
    address = 127.0.0.1
    port = ${port}
  }
  inet_listener imaps {
    port = 0
  }
}
`

/** Dovecot reads and writes mail as Debian's user and group `mail`. */
function idsOfMail(): { uid: number; gid: number } {
  const idIn = (file: string) => Number(/^mail:[^:]*:(\d+):/m.exec(readFileSync(file, 'utf8'))?.[1])
  return { uid: idIn('/etc/passwd'), gid: idIn('/etc/group') }
}

async function run(config: string, port: number, dir: string): Promise<ChildProcess> {
  const child = spawn('dovecot', ['-F', '-c', config], { stdio: 'ignore' })
  const deadline = Date.now() + 10_000
  while (!(await answers(port))) {
    if (child.exitCode !== null || Date.now() > deadline)
      throw new Error(`Dovecot does not start: ${readFileSync(join(dir, 'log'), 'utf8')}`)
  }
  return child
}

async function answers(port: number): Promise<boolean> {
  const client = new ImapFlow({ host: '127.0.0.1', port, secure: false, doSTARTTLS: false, logger: false })
  client.on('error', () => {})
  return new Promise((resolve) => {
    client.connect().then(
      () => resolve(true),
      (error: { code?: string }) => setTimeout(() => resolve(error.code !== 'ECONNREFUSED'), 20),
    )
  }).finally(() => client.close()) as Promise<boolean>
}

function end(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once('exit', () => resolve())
    child.kill('SIGTERM')
  })
}
