import { actions, button, section } from './blocks.ts'
import type { MessageView, ViewContext } from './context.ts'

/** To the agent who put files under a card: that only staff see them, and the button that begins a reply with them. */
export function noteFilesView(
  { ticketId, commentId, count }: { ticketId: number; commentId: number; count: number },
  { words }: ViewContext,
): MessageView {
  const text = words('conversation.note.files-internal', { count })
  const send = button('note.send', words('conversation.note.send'), { ticket: ticketId, note: commentId })
  return { text, blocks: [section('note.files', text), actions('note.send', [send])] }
}
