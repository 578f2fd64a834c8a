import { join } from 'node:path'
import { createHeldMail } from '../mail/held.ts'
import { type IntakeParts, understandMail } from '../mail/intake.ts'
import { createCodeMailer } from '../mail/linking-code.ts'
import { createMailboxCheck } from '../mail/mailbox-check.ts'
import { createCheckMailer } from '../mail/mailbox-check-mail.ts'
import { createAccessTokens } from '../mail/oauth.ts'
import { createMailer } from '../mail/outbound.ts'
import { MailReader } from '../mail/reader.ts'
import { refreshTokenFile } from '../mail/refresh-token-file.ts'
import { SenderThread } from '../mail/sender/sender-thread.ts'
import { tellUnknown } from '../mail/settle.ts'
import { openSupportMailboxes } from '../mail/support-mailboxes.ts'
import { withoutSubaddress } from '../mail/threading.ts'
import { createUnreadMailer } from '../mail/unread.ts'
import { wholeMail } from '../mail/whole-mail.ts'
import { createInbox } from '../store/inbox.ts'
import type { OutboxRow } from '../store/outbox.ts'
import { accountsOf, storesOf, timeZoneOf } from '../ticket/routing.ts'
import { ratingsToken } from '../web/ratings-token.ts'
import { describeLink, joinLink, ratingsLink, surveyLink } from '../web.ts'
import type { Ground } from './ground.ts'
import { oneAtATime } from './one-at-a-time.ts'

export type MailSide = ReturnType<typeof openMail>

/** The mail half: mailboxes that are read, mail that is understood, and whoever sends. */
export function openMail(ground: Ground) {
  const { settings, database, desk, deskFile, files, jobs, mailHost, secrets, templates, triageChannelOf } = ground
  const { clock, log, mail, publicUrl } = settings
  const { companyName } = ground
  const { supportName } = mail
  const keeper = refreshTokenFile(join(settings.dataDir, 'mail-refresh-token'))
  const mailboxes = openSupportMailboxes({
    own: mail,
    connections: mail.mailboxes ?? null,
    mailboxes: deskFile.mailboxes,
    tokens: mail.oauth && createAccessTokens(mail.oauth, { clock, keeper }),
    clock,
    log,
    store: createInbox(database, jobs.wakeIntake),
  })
  const { transport } = mailboxes
  // No reason not to start: mail waits in its lanes until the server answers.
  transport.verify().catch((error) => log.warn({ problem: String(error) }, 'mail cannot be sent now: see SMTP_URL'))
  const addresses = new Map(mailboxes.keys.map((key, at) => [key, mailboxes.addresses[at]!]))
  const authservId = mail.authservId ?? null
  const told = { queue: jobs, triageChannelOf, log }
  const check = createMailboxCheck({ database, clock, secrets, authservId, addresses, mailHost, ...told })
  const settling = { database, clock, desk, findSent: mailboxes.findSent }
  const sending = { database, clock, transport, templates, secrets, companyName, supportName }

  const deliver = {
    mail: createMailer({
      ...sending,
      ...settling,
      queue: jobs,
      triageChannelOf,
      files,
      names: ground.names,
      senderOf: mailboxes.senderOf,
      asks: {
        questionnaire: ground.questionnaire,
        link: (ticketId) => describeLink(publicUrl, secrets.describeToken(ticketId)),
      },
      ratingsLink: (contactId) => ratingsLink(publicUrl, ratingsToken(secrets, clock, contactId)),
      surveyLink: (ticketId) => (score) => surveyLink(publicUrl, secrets.surveyToken(ticketId), score),
      joinLink: (ticketId) => joinLink(publicUrl, secrets.describeToken(ticketId)),
      timeZoneOf: (regionKey) => timeZoneOf(deskFile, regionKey),
      maxFileBytes: settings.maxFileBytes,
    }),
    code: createCodeMailer({
      ...sending,
      supportAddress: mail.supportAddress,
      isStoreAddress: (address) => storesOf(deskFile, address).length > 0,
    }),
    check: createCheckMailer({ ...sending, addresses }),
    unread: createUnreadMailer({ ...sending, senderOf: (mailbox) => mailboxes.senderOf(mailbox, '') }),
  }

  const reader = new MailReader()
  const senders = new SenderThread({ authservId, clock })
  const intakeParts: IntakeParts = {
    ...told,
    database,
    clock,
    desk,
    reader,
    senders,
    check,
    files,
    maxFileBytes: settings.maxFileBytes,
    ownAddresses: mailboxes.addresses,
    mailHost,
    routeOf: (address, mailbox, lastAccount) => {
      const own = accountsOf(deskFile, address).filter(({ key }) => !deskFile.accounts[key]?.whenUnknown)
      // Only somebody with one store is known to mean it, or whoever asked about one before; else an agent has to ask.
      const meant = own.length === 1 ? own[0] : own.find(({ key }) => key === lastAccount)
      const routed = ground.route(null, meant?.key ?? null)
      return { accountKey: meant?.key ?? null, ...routed, groupKey: mailboxes.groupOf(mailbox) ?? routed.groupKey }
    },
    questionnaire: ground.questionnaire,
    secrets,
  }
  const isOwn = (address: string) =>
    mailboxes.addresses.some((own) => withoutSubaddress(own) === withoutSubaddress(address))
  return {
    mailboxes,
    check,
    deliver,
    tellUnknown: (row: OutboxRow, problem: string) => tellUnknown(settling, row, problem),
    /** Understands all mail that is stored and due. */
    understand: oneAtATime(() => understandMail(intakeParts)),
    heldMail: createHeldMail(intakeParts),
    wholeMail: (ticketId: number, eventId: number) => wholeMail({ database, reader }, ticketId, eventId),
    /** Whether mail to this address comes back to us. */
    isOwnAddress: isOwn,
    closeThreads: async () => {
      await Promise.all([reader.close(), senders.close()])
    },
  }
}
