import type { KnownBlock, ModalView } from '@slack/types'
import { actions, button, plainText, section } from './blocks.ts'
import { moment, say, type ViewContext } from './context.ts'
import { limits } from './limits.ts'

/** What comes back with every click in these modals: the draft that goes on after them, and the code once one was mailed. */
export type AccessMetadata = { draft: string; code?: string }

/**
 * Where somebody whose store is not in their list types the address it is registered with. `without`: the name of the
 * choice with which they can ask all the same.
 */
export function storeAddressModal(input: { draftId: string; without: string; ctx: ViewContext }): ModalView {
  const { words } = input.ctx
  return modal('access.ask', { draft: input.draftId }, 'access.store.send', input.ctx, [
    section('access.why', words('access.store.why')),
    {
      type: 'input',
      block_id: 'address',
      label: plainText(words('access.store.label'), limits.inputLabel),
      element: { type: 'email_text_input', action_id: 'address', focus_on_load: true },
    },
    section('access.without', say(words, 'access.store.without', { name: input.without })),
  ])
}

/** Where they type the code that was mailed to it, if it is a store's: the words are the same if it is none. */
export function storeCodeModal(input: {
  draftId: string
  codeId: string
  address: string
  until: Date
  ctx: ViewContext
}): ModalView {
  const { draftId, codeId, address, until, ctx } = input
  return modal('access.code', { draft: draftId, code: codeId }, 'access.store.continue', ctx, [
    section('access.sent', say(ctx.words, 'access.store.on-its-way', { address, until: moment(ctx, until) })),
    {
      type: 'input',
      block_id: 'code',
      label: plainText(ctx.words('people.addresses.code-label'), limits.inputLabel),
      element: { type: 'plain_text_input', action_id: 'code', max_length: 20, focus_on_load: true },
    },
  ])
}

function modal(
  callbackId: string,
  about: AccessMetadata,
  submit: string,
  { words }: ViewContext,
  blocks: KnownBlock[],
): ModalView {
  return {
    type: 'modal',
    callback_id: callbackId,
    private_metadata: JSON.stringify(about),
    title: plainText(words('access.store.title'), limits.modalTitle),
    submit: plainText(words(submit), limits.modalButton),
    close: plainText(words('slack.button.cancel'), limits.modalButton),
    blocks: [...blocks, actions('access.nav', [button('access.back', words('access.store.back'), {})])],
  }
}
