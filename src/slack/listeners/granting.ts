import { z } from 'zod'
import { drawOthersHomes, homesUnderGrant, OTHERS_HOMES } from '../../store/open-homes.ts'
import { grant } from '../../store/organizations.ts'
import { people, type SlackUser } from '../../store/people.ts'
import { loadTicket } from '../../store/tickets.ts'
import type { Grant } from '../../ticket/organization.ts'
import { Refusal } from '../../ticket/refusal.ts'
import type { Actor, Ticket } from '../../ticket/ticket.ts'
import type { Listening } from '../listening.ts'

const id = z.number().int().positive().max(Number.MAX_SAFE_INTEGER)
const about = z.object({ ticket: id.nullish(), organization: id.nullish(), channel: z.string().max(30).nullish() })

/** Which agent acts, and on what: the request that asks for it, the organisation, and the channel they came from. */
export interface Allowed {
  ticket: Ticket | null
  organizationId: number | null
  channel: string | null
  agent: Actor & { kind: 'agent' }
}

/** Who asks about which ticket or organisation. Throws a neutral Refusal for anybody who is no agent there. */
export async function authorised(listening: Listening, user: SlackUser, value: string): Promise<Allowed> {
  const { database, who, triageChannelOf, isTriageChannel } = listening
  const asked = about.parse(JSON.parse(value))
  const ticket = asked.ticket ? await loadTicket(database, asked.ticket) : null
  if (asked.ticket && !ticket) throw new Refusal('agents-only')
  const typedIn = asked.channel && isTriageChannel(asked.channel) ? asked.channel : triageChannelOf(null)
  const agent = await who.agent(user, ticket ? triageChannelOf(ticket.groupKey) : typedIn)
  return { ticket, organizationId: asked.organization ?? null, channel: asked.channel ?? null, agent }
}

/**
 * Writes who sees what from now on, once for each `source`, and tells whoever asked for it. Throws `DomainTaken` for a
 * domain of another organisation.
 */
export async function saveGrant(
  { database, desk, clock, queue, render }: Listening,
  { ticket, organizationId, agent }: Omit<Allowed, 'channel'>,
  granted: Grant,
  source: string,
): Promise<void> {
  await database.transaction(async (tx) => {
    const by = { agentId: agent.id, ticketId: ticket?.id ?? null, source, at: clock.now() }
    const id = await grant(tx, organizationId, granted, by)
    const readers = await homesUnderGrant(tx, id, by.at)
    if (await drawOthersHomes(tx, `grant/${source}`, readers, 0)) await queue.wakeLane(tx, OTHERS_HOMES)
    if (!ticket || ticket.status === 'closed') return
    const [person] = await people(tx, [ticket.requesterId])
    const text = render.requesterContext(person ?? null).words('access.org.granted', inWords(granted))
    const comment = { text, fullText: null, attachments: [] }
    await desk.handle(
      { type: 'answer', ticketId: ticket.id, comment, waits: false, actor: agent, via: 'slack', source },
      tx,
    )
  })
}

function inWords({ name, access, domains, members }: Grant): Record<string, string> {
  return { name, access, domains: domains.map((domain) => `@${domain}`).join(', '), members: members.join(', ') }
}
