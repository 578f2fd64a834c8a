/** Two desks that take each other for a client: what either sends to the other arrives there, as between real servers. */
import { startWorld, type World, type WorldOptions } from '../support/world.ts'

export const ONE = 'support@one.test'
export const TWO = 'help@two.test'

export interface TwoDesks {
  one: World
  two: World
  /** Every mail that went from one desk to the other, either way, oldest first. */
  mails: Buffer[]
  /** Lets both do all they have to, again and again, until neither has written anything new; at most `rounds` times. */
  play(rounds?: number): Promise<void>
  stop(): Promise<void>
}

/** `between`: what a server between the two makes of a mail. */
export async function startTwoDesks(
  options: { database?: () => Promise<WorldOptions['database']>; between?: (raw: Buffer) => Buffer } = {},
): Promise<TwoDesks> {
  const { database, between = (raw) => raw } = options
  const start = async (supportAddress: string) => {
    const own = await database?.()
    return startWorld({ mode: 'socket', supportAddress, ...(own ? { database: own } : {}) })
  }
  const one = await start(ONE)
  const two = await start(TWO)
  const mails: Buffer[] = []
  const carry = (from: World, to: World, address: string) =>
    from.mail.onChange(({ type, folder, mail }) => {
      if (type !== 'arrived' || !mail || folder.name !== 'INBOX' || folder.mailbox !== address) return
      mails.push(mail.raw)
      to.mail.deliver(between(mail.raw), { to: [address] })
    })
  carry(one, two, TWO)
  carry(two, one, ONE)
  return {
    one,
    two,
    mails,
    async play(rounds = 20) {
      for (let round = 0, before = -1; round < rounds && mails.length > before; round++) {
        before = mails.length
        await one.settle()
        await two.settle()
      }
    },
    stop: async () => {
      await one.stop()
      await two.stop()
    },
  }
}

/** Without the header fields in `names`, as some gateways hand mail on. */
export function without(raw: Buffer, names: RegExp): Buffer {
  const text = raw.toString('latin1')
  const end = text.indexOf('\r\n\r\n')
  const fields = text.slice(0, end).split(/\r\n(?![ \t])/)
  const kept = fields.filter((field) => !names.test(field.slice(0, field.indexOf(':'))))
  return Buffer.from(kept.join('\r\n') + text.slice(end), 'latin1')
}

/** A mail of a desk's own address, as a person who forwards it or a fault would make one. */
export function fromDesk(from: string, to: string, headers: string[] = []): Buffer {
  const lines = [
    ...[`From: Support <${from}>`, `To: ${to}`, 'Subject: Do you have it?', `Message-ID: <first-${from}>`],
    ...['Date: Mon, 23 Nov 2026 02:00:00 +0000', ...headers, '', 'We ask you.', ''],
  ]
  return Buffer.from(lines.join('\r\n'))
}
