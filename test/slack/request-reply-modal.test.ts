import { expect, test } from 'vitest'
import { requestReplyModal } from '../../src/slack/views/request-reply-modal.ts'
import { clientContext, printerTicket } from './tickets.ts'

const asked = (isFollowUp: boolean, followUpId: number | null) => {
  const ticket = { ...printerTicket().ticket, followUpId }
  const { blocks } = requestReplyModal({ ticket, isFollowUp, maxFileBytes: 1e7, ctx: clientContext() })
  return blocks.flatMap((block) => ('label' in block && block.block_id === 'reply' ? [block.label.text] : []))
}

test('a new follow-up is asked what it is about; what goes on in one that exists is a message', () => {
  expect(asked(true, null)).toEqual(['What is it about this time?'])
  expect(asked(true, 1050)).toEqual(['Your message'])
  expect(asked(false, null)).toEqual(['Your message'])
})
