/**
 * openSupportMailboxes: every mailbox people write to, as one: all are read, and a mail leaves by the server of the address
 * it is from. The first is the desk's own; others belong to groups (desk.yaml, `mailboxes`).
 */
import type { Clock } from '../clock.ts'
import { SettingError } from '../setting-error.ts'
import type { Mailbox } from '../ticket/routing.ts'
import { type MailLog, type MailStore, type WatchedMailbox, watchMailbox } from './mailbox.ts'
import type { AccessTokens } from './oauth.ts'
import { createTransport, type Transport } from './transport.ts'

/** Where one mailbox is reached. A URL without a password is logged in to with an access token. */
export interface Connection {
  imapUrl: string
  /** Left out: its mail leaves by the desk's own server. */
  smtpUrl?: string | undefined
}

/** Whom mail about a ticket is from, and where answers to it arrive. */
export interface SupportSender {
  supportAddress: string
  supportName: string
}

export interface SupportMailboxes {
  /** Under what they are known in the database: INBOX, then their keys in desk.yaml. */
  keys: string[]
  /** The desk's own address first; lower case. */
  addresses: string[]
  /** By the key of the mailbox a ticket was opened in; null when it was opened elsewhere, and the group that has it. */
  senderOf(key: string | null, groupKey: string): SupportSender
  /** The group that mail to this mailbox is for; null: the one its sender's account says. */
  groupOf(key: string): string | null
  transport: Transport
  findSent: WatchedMailbox['findSent']
  /** What keeps one of them from being read, naming its setting; null when all are. */
  problem(): string | null
  sweepNow(): Promise<void>
  stop(): Promise<void>
}

interface Parts {
  own: Connection & SupportSender & { smtpUrl: string }
  /** By key, as settings have them. Null: in the sandbox, whose mail server has the desk's own mailbox only. */
  connections: Record<string, Connection> | null
  /** By key, as desk.yaml has them. */
  mailboxes: Record<string, Mailbox>
  tokens?: AccessTokens | undefined
  clock: Clock
  log: MailLog
  store: MailStore
}

const OWN = 'INBOX'

/** Starts to read them all. Throws a SettingError for a mailbox that only desk.yaml or only the settings know. */
export function openSupportMailboxes(parts: Parts): SupportMailboxes {
  const { own, connections, clock, log, store } = parts
  if (connections) check(Object.keys(parts.mailboxes), Object.keys(connections))
  const others = Object.entries(connections ?? {})
  const mailboxes = Object.fromEntries(others.map(([key]) => [key, parts.mailboxes[key]!]))
  const tokensFor = (url: string) => (new URL(url).password ? undefined : parts.tokens)
  const watch = (key: string, url: string) =>
    watchMailbox({ url, tokens: tokensFor(url), key, mailbox: 'INBOX', clock, log, store })
  const send = (url: string) => createTransport(url, { clock, tokens: tokensFor(url) })

  const watched = [watch(OWN, own.imapUrl), ...others.map(([key, { imapUrl }]) => watch(key, imapUrl))]
  const ownTransport = send(own.smtpUrl)
  const transports = new Map(
    others.flatMap(([key, { smtpUrl }]) => (smtpUrl ? [[mailboxes[key]!.address.toLowerCase(), send(smtpUrl)]] : [])),
  ) as Map<string, Transport>
  const senderFor = ({ address, name }: Mailbox) => ({ supportAddress: address, supportName: name ?? own.supportName })

  return {
    keys: [OWN, ...others.map(([key]) => key)],
    addresses: [own.supportAddress, ...Object.values(mailboxes).map(({ address }) => address)].map((one) =>
      one.toLowerCase(),
    ),
    senderOf(key, groupKey) {
      const opened = key === null ? Object.values(mailboxes).find(({ group }) => group === groupKey) : mailboxes[key]
      return opened ? senderFor(opened) : { supportAddress: own.supportAddress, supportName: own.supportName }
    },
    groupOf: (key) => mailboxes[key]?.group ?? null,
    transport: {
      send: (mail) => (transports.get(mail.from.address.toLowerCase()) ?? ownTransport).send(mail),
      verify: async () => {
        await Promise.all([ownTransport, ...transports.values()].map((transport) => transport.verify()))
      },
    },
    async findSent(messageId) {
      const found = await Promise.all(watched.map((mailbox) => mailbox.findSent(messageId)))
      if (found.includes(true)) return true
      return found.every((one) => one === 'no-sent-folder') ? 'no-sent-folder' : false
    },
    problem() {
      const said = watched.flatMap((mailbox, at) => {
        const problem = mailbox.problem()
        const name = at === 0 ? 'IMAP_URL' : variable(others[at - 1]![0])
        return problem ? [`the mailbox cannot be read (${problem}): see ${name} and the network`] : []
      })
      return said.length > 0 ? said.join('; ') : null
    },
    sweepNow: async () => void (await Promise.all(watched.map((mailbox) => mailbox.sweepNow()))),
    stop: async () => void (await Promise.all(watched.map((mailbox) => mailbox.stop()))),
  }
}

const variable = (key: string) => `IMAP_URL_${key.toUpperCase().replaceAll('-', '_')}`

function check(inDeskFile: string[], inSettings: string[]): void {
  for (const key of inDeskFile)
    if (!inSettings.includes(key))
      throw new SettingError(`${variable(key)} is missing: desk.yaml has a mailbox "${key}", say where it is reached`)
  for (const key of inSettings)
    if (!inDeskFile.includes(key))
      throw new SettingError(
        `${variable(key)} is of no mailbox in desk.yaml: add "${key}" under mailboxes, or take it out`,
      )
}
