import type { Message } from '../../mail/types.ts'
import { say } from '../notice.ts'
import { mail } from './mail-api.ts'
import type { MailReader } from './mailbox.ts'

/** Answers a mail as Exchange and Gmail do for somebody on holiday (RFC 3834): a desk must not take it for a reply. */
export async function outOfOffice(message: Message, reader: MailReader): Promise<void> {
  try {
    await mail.send({
      from: reader.address,
      fromName: reader.name,
      to: message.reply.to.map((one) => one.address),
      subject: `Automatic reply: ${message.subject}`,
      text: `Thank you for your message. I am out of the office until next week and will answer then.\n\n${reader.name}`,
      inReplyTo: message.id,
      withoutQuote: true,
      headers: {
        'Auto-Submitted': 'auto-replied',
        'X-Auto-Response-Suppress': 'All',
        Precedence: 'bulk',
      },
    })
    say('An out-of-office reply is on its way. The ticket does not change because of it.')
  } catch (error) {
    say((error as Error).message)
  }
}
