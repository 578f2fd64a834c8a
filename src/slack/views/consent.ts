import type { ContextBlock, KnownBlock, Overflow } from '@slack/types'
import { mayBeShared } from '../../ticket/consent.ts'
import type { Ticket } from '../../ticket/ticket.ts'
import { button, context, plainText, section } from './blocks.ts'
import { moment, say, type ViewContext } from './context.ts'
import { limits } from './limits.ts'

type Asked = Pick<Ticket, 'id' | 'consent'>

/** For staff: whether the solution may be shared, since when or why not. Empty where nobody was asked. */
export function consentLine({ consent }: Asked, ctx: ViewContext): string {
  if (!consent) return ''
  const at = moment(ctx, consent.at)
  if (!consent.given) return say(ctx.words, 'consent.card.refused', { at })
  if (!consent.withdrawnAt) return say(ctx.words, 'consent.card.given', { at })
  return say(ctx.words, 'consent.card.withdrawn', { at, withdrawn: moment(ctx, consent.withdrawnAt) })
}

/**
 * For the requester, wherever their request is shown whole: what they agreed to with the button that takes it back, or
 * that they took it back. No block where they never agreed.
 */
export function consentBlocks(ticket: Asked, ctx: ViewContext): KnownBlock[] {
  if (!mayBeShared(ticket)) return withdrawnNote(ticket, ctx)
  const press = button('consent.withdraw', ctx.words('consent.withdraw'), { ticket: ticket.id })
  return [{ ...section('request.consent', ctx.words('consent.given')), accessory: press }]
}

/** The same as a menu beside something else, for a message with little room; undefined where there is nothing to take back. */
export function consentMenu(ticket: Asked, { words }: ViewContext): Overflow | undefined {
  if (!mayBeShared(ticket)) return undefined
  const value = JSON.stringify({ ticket: ticket.id })
  return {
    type: 'overflow',
    action_id: 'consent.withdraw',
    options: [{ text: plainText(words('consent.withdraw.menu'), limits.optionText), value }],
  }
}

/** That the requester took their consent back, and when. */
export function withdrawnNote({ consent }: Asked, ctx: ViewContext): ContextBlock[] {
  if (!consent?.withdrawnAt) return []
  return [
    context('request.consent', say(ctx.words, 'consent.withdrawn', { withdrawn: moment(ctx, consent.withdrawnAt) })),
  ]
}
