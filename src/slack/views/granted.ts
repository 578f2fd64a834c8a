import type { Button } from '@slack/types'
import type { TicketInFull } from '../../ticket/in-full.ts'
import type { Grant } from '../../ticket/organization.ts'
import { button, plainText } from './blocks.ts'
import { moment, say, type ViewContext } from './context.ts'
import { limits } from './limits.ts'
import { list } from './people.ts'

/** Who sees all requests of an organisation, in words. */
export function whoSees({ access, domains, members }: Grant, { words }: ViewContext): string {
  const at = list(
    domains.map((domain) => `@${domain}`),
    words,
  )
  return say(words, 'access.org.sees', { access, domains: at, members: list(members, words) })
}

/** What was granted, by whom and when, for the card of the request that asked for it. */
export function grantedLine({ grant, agent, at }: NonNullable<TicketInFull['granted']>, ctx: ViewContext): string {
  const params = { name: grant.name, agent, at: moment(ctx, at) }
  return `${say(ctx.words, 'access.org.granted-by', params)} ${whoSees(grant, ctx)}`
}

/** Grants what a request asks for; once that is done, changes it or takes it back. */
export function accessButtons({ ticket, granted }: TicketInFull, ctx: ViewContext): Button[] {
  const { words } = ctx
  const about = { ticket: ticket.id }
  if (!granted) return [button('organization.grant', words('access.org.grant'), about, { style: 'primary' })]
  const change = button('organization.grant', words('access.org.change'), about)
  return granted.grant.access === 'none' ? [change] : [change, withdrawButton(about, granted.grant.name, ctx)]
}

/** Takes access from everybody of an organisation, after asking once more. */
export function withdrawButton(about: object, name: string, { words }: ViewContext): Button {
  const confirm = {
    title: plainText(words('access.org.withdraw'), limits.confirmTitle),
    text: plainText(words('access.org.withdraw-sure', { name }), limits.confirmText),
    confirm: plainText(words('access.org.withdraw'), limits.confirmButton),
    deny: plainText(words('slack.button.cancel'), limits.confirmButton),
  }
  return { ...button('organization.withdraw', words('access.org.withdraw'), about, { style: 'danger' }), confirm }
}
