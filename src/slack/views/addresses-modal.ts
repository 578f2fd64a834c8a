import type { ModalView } from '@slack/types'
import { plainText, section } from './blocks.ts'
import { moment, say, type ViewContext } from './context.ts'
import { at } from './form-state.ts'
import { limits } from './limits.ts'

/** Where somebody sees the mail addresses they are known under, and says which other one is theirs. */
export function addressesModal({ addresses, ctx }: { addresses: string[]; ctx: ViewContext }): ModalView {
  const { words } = ctx
  const known =
    addresses.length > 0
      ? say(words, 'people.addresses.yours', { addresses: addresses.join(', ') })
      : words('people.addresses.none')
  return {
    type: 'modal',
    callback_id: 'addresses.ask',
    title: plainText(words('people.addresses.title'), limits.modalTitle),
    submit: plainText(words('people.addresses.send'), limits.modalButton),
    close: plainText(words('slack.button.cancel'), limits.modalButton),
    blocks: [
      section('addresses.known', known),
      section('addresses.why', words('people.addresses.why')),
      {
        type: 'input',
        block_id: 'address',
        label: plainText(words('people.addresses.label'), limits.inputLabel),
        element: { type: 'email_text_input', action_id: 'address', focus_on_load: true },
      },
    ],
  }
}

/** Where they type the code that was mailed to it. */
export function codeModal(input: { codeId: string; address: string; until: Date; ctx: ViewContext }): ModalView {
  const { codeId, address, until, ctx } = input
  const { words } = ctx
  return {
    type: 'modal',
    callback_id: 'addresses.code',
    private_metadata: JSON.stringify({ code: codeId } satisfies { code: string }),
    title: plainText(words('people.addresses.code-title'), limits.modalTitle),
    submit: plainText(words('people.addresses.link'), limits.modalButton),
    close: plainText(words('slack.button.cancel'), limits.modalButton),
    blocks: [
      section('addresses.sent', say(words, 'people.addresses.on-its-way', { address, until: moment(ctx, until) })),
      {
        type: 'input',
        block_id: 'code',
        label: plainText(words('people.addresses.code-label'), limits.inputLabel),
        element: { type: 'plain_text_input', action_id: 'code', max_length: 20, focus_on_load: true },
      },
    ],
  }
}

/** What was typed into either of them, trimmed. */
export function readTyped(values: unknown, field: 'address' | 'code'): string {
  const value = at(at(at(values, field), field), 'value')
  return typeof value === 'string' ? value.trim() : ''
}
