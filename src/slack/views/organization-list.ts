import type { KnownBlock, ModalView } from '@slack/types'
import type { Granted } from '../../ticket/organization.ts'
import { mrkdwn, oneLine, plain } from '../text.ts'
import { actions, button, context, plainText, section } from './blocks.ts'
import { moment, say, type ViewContext } from './context.ts'
import { whoSees, withdrawButton } from './granted.ts'
import { limits } from './limits.ts'

/** How many organisations a list shows: two blocks each, and the lines around them. */
export const MOST_LISTED = 40

/** What the list is about: the letters that were searched for, and the channel the agent came from. */
export interface ListAbout {
  letters: string
  channel: string
}

/** For agents: every organisation, who sees its requests now, and the ways to change that. */
export function organizationListModal(input: {
  about: ListAbout
  found: Granted[]
  more: number
  ctx: ViewContext
}): ModalView {
  const { about, found, more, ctx } = input
  const { words } = ctx
  const { channel } = about
  const letters = plain(oneLine(about.letters), LONGEST)
  const intro = found.length > 0 ? 'intro' : letters ? 'not-found' : 'empty'
  return {
    type: 'modal',
    callback_id: 'organization.list',
    private_metadata: JSON.stringify({ letters, channel } satisfies ListAbout),
    title: plainText(words('access.org.list-title'), limits.modalTitle),
    close: plainText(words('slack.button.close'), limits.modalButton),
    blocks: [
      section('organizations.intro', say(words, `access.org.list-${intro}`, { letters })),
      ...found.slice(0, MOST_LISTED).flatMap((each) => row(each, channel, ctx)),
      ...(more > 0 ? [context('organizations.more', say(words, 'access.org.list-more', { count: more }))] : []),
      actions('organizations.add', [button('organization.change', words('access.org.list-add'), { channel })]),
    ],
  }
}

function row(each: Granted, channel: string, ctx: ViewContext): KnownBlock[] {
  const { words } = ctx
  const value = { organization: each.id, channel }
  const domains = each.access === 'all' ? '' : each.domains.map((domain) => `@${domain}`).join(', ')
  const last = each.last
    ? say(words, 'access.org.grant-last', { agent: each.last.agent, at: moment(ctx, each.last.at) })
    : ''
  const lines = [`*${mrkdwn(oneLine(each.name), LONGEST)}*`, mrkdwn(domains, LONGEST), whoSees(each, ctx), last]
  return [
    section(`organization.${each.id}`, lines.filter(Boolean).join('\n')),
    actions(`organization.${each.id}.buttons`, [
      button('organization.change', words('access.org.change'), value),
      ...(each.access === 'none' ? [] : [withdrawButton(value, each.name, ctx)]),
    ]),
  ]
}

const LONGEST = 300
