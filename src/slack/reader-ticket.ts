import type { ModalView } from '@slack/types'
import { readableTicket } from '../store/readers.ts'
import { askedOf } from '../ticket/asked.ts'
import type { Person, TicketInFull } from '../ticket/in-full.ts'
import { joinedBy, type ReaderRole, readerActs } from '../ticket/readers.ts'
import { Refusal } from '../ticket/refusal.ts'
import type { Ticket } from '../ticket/ticket.ts'
import { cardLink } from './card-link.ts'
import type { Listening } from './listening.ts'
import { requestModal } from './views/request-modal.ts'

/** The ticket with this number and who the person is to it. Refused alike when there is none and when it is not theirs to read. */
export async function readable(
  { database }: Listening,
  person: Person,
  number: number,
): Promise<{ ticket: Ticket; role: ReaderRole }> {
  const found = await readableTicket(database, person.id, number)
  if (!found) throw new Refusal('no-such-ticket', { number })
  return found
}

/** A request as this person may see it, as a modal. `last`: the last comment shown, null for the newest. */
export async function readerModal(
  listening: Listening,
  person: Person,
  number: number,
  last: number | null = null,
): Promise<ModalView> {
  const { render, clock } = listening
  const { role } = await readable(listening, person, number)
  const full = (await render.full(number))!
  const acts = readerActs(full.ticket, role, clock.now())
  const ctx = render.requesterContext(person)
  // Whom an agent adds is told of what comes, not of what was: here as by mail.
  const since = role === 'cc' ? joinedBy(full, person) : 0
  const answers = since > 0 ? [] : answersOf(listening, person, full)
  // Who works here and asked for help themselves has two places for it.
  const card = person.slack && (await cardLink(listening, person.slack, full.ticket))
  return requestModal({ full, role, acts, answers, since, last, card, ctx })
}

/** The form's answers in the reader's words, without those that the request shows by itself. */
function answersOf({ form }: Listening, { locale }: Person, full: TicketInFull) {
  const { answers, roles } = askedOf(full, form, locale)
  const shown = [roles?.subject, roles?.description, roles?.files, roles?.account, roles?.consent].flat()
  return answers.filter(({ key }) => !shown.includes(key))
}
