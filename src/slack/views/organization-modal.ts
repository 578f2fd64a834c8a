import type { InputBlock, KnownBlock, ModalView } from '@slack/types'
import type { Grant, Organization } from '../../ticket/organization.ts'
import { context, plainText, section } from './blocks.ts'
import { moment, say, type ViewContext } from './context.ts'
import { at } from './form-state.ts'
import { limits } from './limits.ts'
import { list } from './people.ts'

/** Where a client asks to see all requests of their organisation, and reads of those they see already (CLI-07, CLI-09). */
export function askAccessModal(input: { seen: Organization[]; domain: string; ctx: ViewContext }): ModalView {
  const { seen, domain, ctx } = input
  const { words } = ctx
  const names = list(
    seen.map(({ name }) => name),
    words,
  )
  return {
    type: 'modal',
    callback_id: 'organization.ask',
    title: plainText(words('access.org.title'), limits.modalTitle),
    submit: plainText(words('access.org.send'), limits.modalButton),
    close: plainText(words('slack.button.cancel'), limits.modalButton),
    blocks: [
      ...(seen.length > 0 ? [section('organization.seen', say(words, 'access.org.seen', { names }))] : []),
      section('organization.intro', words('access.org.intro')),
      ...fields({ name: '', domains: domain ? [domain] : [], access: 'all', members: [] }, ['all', 'named'], ctx),
    ],
  }
}

/** What a grant modal is about: the request that asks for it, the organisation, and the channel the agent came from. */
export interface GrantAbout {
  ticket: number | null
  organization: number | null
  channel: string | null
}

/** Where an agent says who of an organisation may see and manage all its requests (CLI-08). */
export function grantModal(input: {
  about: GrantAbout
  grant: Grant
  asker: { name: string; address: string | null; isProven: boolean } | null
  last: { agent: string; at: Date } | null
  ctx: ViewContext
}): ModalView {
  const { about, grant, asker, last, ctx } = input
  const { words } = ctx
  const asked = asker && {
    name: asker.name,
    address: asker.address ?? '',
    proven: asker.address === null ? 'unknown' : asker.isProven ? 'yes' : 'no',
  }
  const notes = [
    asked ? say(words, 'access.org.grant-asked', asked) : '',
    last ? say(words, 'access.org.grant-last', { agent: last.agent, at: moment(ctx, last.at) }) : '',
    about.ticket === null ? '' : words('access.org.grant-told'),
  ].filter(Boolean)
  return {
    type: 'modal',
    callback_id: 'organization.grant',
    private_metadata: JSON.stringify(about satisfies GrantAbout),
    title: plainText(words('access.org.grant-title'), limits.modalTitle),
    submit: plainText(words('access.org.grant-save'), limits.modalButton),
    close: plainText(words('slack.button.cancel'), limits.modalButton),
    blocks: [
      section('organization.intro', words('access.org.grant-intro')),
      ...notes.map((note, index): KnownBlock => context(`organization.note.${index}`, note)),
      ...fields(grant, about.organization === null ? ['all', 'named'] : ['all', 'named', 'none'], ctx),
    ],
  }
}

/** What was typed and chosen in either of them, as it is. */
export function readGrant(values: unknown): { name: string; domains: string; access: string; members: string } {
  const typed = (field: string) => {
    const value = at(at(at(values, field), field), 'value')
    return typeof value === 'string' ? value.trim() : ''
  }
  const access = at(at(at(at(values, 'access'), 'access'), 'selected_option'), 'value')
  return {
    name: typed('name'),
    domains: typed('domains'),
    access: typeof access === 'string' ? access : '',
    members: typed('members'),
  }
}

function fields(grant: Grant, choices: Grant['access'][], { words }: ViewContext): InputBlock[] {
  const options = choices.map((value) => ({
    value,
    text: plainText(words(`access.org.${value}`), limits.optionText),
  }))
  const text = (field: 'name' | 'domains' | 'members', value: string, more: { lines?: boolean; max: number }) => ({
    type: 'input' as const,
    block_id: field,
    optional: field === 'members',
    label: plainText(words(`access.org.${field}`), limits.inputLabel),
    ...(field === 'name' ? {} : { hint: plainText(words(`access.org.${field}-hint`), limits.inputHint) }),
    element: {
      type: 'plain_text_input' as const,
      action_id: field,
      multiline: more.lines === true,
      max_length: more.max,
      ...(value ? { initial_value: value.slice(0, more.max) } : {}),
    },
  })
  return [
    text('name', grant.name, { max: 100 }),
    text('domains', grant.domains.map((domain) => `@${domain}`).join('\n'), { lines: true, max: limits.inputText }),
    {
      type: 'input',
      block_id: 'access',
      label: plainText(words('access.org.who'), limits.inputLabel),
      element: {
        type: 'radio_buttons',
        action_id: 'access',
        options,
        initial_option: options.find(({ value }) => value === grant.access) ?? options[0]!,
      },
    },
    text('members', grant.members.join('\n'), { lines: true, max: limits.inputText }),
  ]
}
