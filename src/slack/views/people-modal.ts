import type { KnownBlock, ModalView } from '@slack/types'
import type { Person, TicketInFull } from '../../ticket/in-full.ts'
import { mrkdwn, plain } from '../text.ts'
import { plainText, section } from './blocks.ts'
import { say, sayPlain, type ViewContext } from './context.ts'
import { at } from './form-state.ts'
import { limits } from './limits.ts'
import { nameAndAddress, nameOf } from './people.ts'

/** Where an agent sees who is on a ticket, adds CCs by their address and takes CCs off. */
export function peopleModal({ full, ctx }: { full: TicketInFull; ctx: ViewContext }): ModalView {
  const { ticket, requester, ccs } = full
  const { words } = ctx
  return {
    type: 'modal',
    callback_id: 'ticket.people',
    private_metadata: JSON.stringify({ ticket: ticket.id } satisfies { ticket: number }),
    title: plainText(sayPlain(words, 'people.modal.title', { number: ticket.id }), limits.modalTitle),
    submit: plainText(words('people.modal.save'), limits.modalButton),
    close: plainText(words('slack.button.cancel'), limits.modalButton),
    blocks: [
      section('people.requester', say(words, 'people.modal.requester', { name: nameAndAddress(requester, words) })),
      ...(ccs.length === 0 ? [section('people.none', mrkdwn(words('people.modal.nobody'), limits.sectionText))] : []),
      ...removals(ccs, ctx),
      {
        type: 'input',
        block_id: 'add',
        optional: true,
        label: plainText(words('people.modal.add'), limits.inputLabel),
        hint: plainText(words('people.modal.add-hint'), limits.inputHint),
        element: { type: 'plain_text_input', action_id: 'add', multiline: true, max_length: limits.inputText },
      },
    ],
  }
}

/** What an agent submitted: the addresses as typed, and the contacts to take off. */
export function readPeople(values: unknown): { add: string; remove: number[] } {
  const add = at(at(at(values, 'add'), 'add'), 'value')
  const blocks = typeof values === 'object' && values !== null ? Object.keys(values) : []
  const ticked = blocks
    .filter((block) => block.startsWith('remove.'))
    .flatMap((block) => at(at(at(values, block), 'remove'), 'selected_options') ?? [])
  const remove = (Array.isArray(ticked) ? ticked : []).map((option) => Number(at(option, 'value')))
  return { add: typeof add === 'string' ? add : '', remove: remove.filter(Number.isSafeInteger) }
}

/** A checkbox for each CC, ten in a block: Slack takes no more options in one. */
function removals(ccs: Person[], { words }: ViewContext): KnownBlock[] {
  const blocks: KnownBlock[] = []
  for (let from = 0; from < ccs.length; from += limits.radioOptions)
    blocks.push({
      type: 'input',
      block_id: `remove.${from}`,
      optional: true,
      label: plainText(words(from === 0 ? 'people.modal.remove' : 'people.modal.remove-more'), limits.inputLabel),
      element: {
        type: 'checkboxes',
        action_id: 'remove',
        options: ccs.slice(from, from + limits.radioOptions).map((person) => ({
          value: String(person.id),
          text: plainText(nameOf(person, words), limits.optionText),
          ...(person.address ? { description: plainText(plain(person.address, 75), limits.optionDescription) } : {}),
        })),
      },
    })
  return blocks
}
