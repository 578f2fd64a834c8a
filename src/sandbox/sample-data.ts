import type { Clock } from '../clock.ts'
import { MovableClock } from '../clock.ts'
import type { Desk } from '../desk.ts'
import type { Database } from '../store/database.ts'
import { claimSource } from '../store/log.ts'
import { ensureAgent, ensureMailContact, ensureSlackContact } from '../store/people.ts'
import type { Ask } from '../ticket/commands.ts'
import type { Actor, Intake, Via } from '../ticket/ticket.ts'
import type { SampleCompany } from './sample-company.ts'

interface SampleParts {
  database: Database
  /** The desk as it works at another time: what the samples' past was recorded with. */
  deskAt(clock: Clock): Desk
  clock: Clock
  company: SampleCompany
  teamId: string
  routeOf(branch: string | null, accountKey: string | null): { groupKey: string; regionKey: string }
}

const HOUR = 60 * 60_000
const ALL_DONE = 'sample/done'

/**
 * Fills an empty desk with a handful of tickets, one in every status and one followed up, so that there is something to look at.
 * Their past goes through the desk like anything else; what follows from it is posted and mailed as usual.
 */
export async function addSampleData(parts: SampleParts): Promise<void> {
  const { database, company, teamId } = parts
  if (!(await isWanted(database))) return
  const now = parts.clock.now()
  const { ada, bruno, livia, kofi, lucia } = await database.transaction(async (tx) => {
    const slackContact = (name: string) => {
      const person = company.people.find((each) => each.name === name)!
      const profile = { name: person.realName, address: person.address, locale: person.locale, timeZone: person.tz }
      return ensureSlackContact(tx, { teamId, userId: person.id }, profile, now)
    }
    const agent = (name: string) => {
      const person = company.people.find((each) => each.name === name)!
      return ensureAgent(tx, { teamId, userId: person.id }, person.realName, now)
    }
    return {
      ada: await slackContact('ada'),
      bruno: await slackContact('bruno'),
      livia: await ensureMailContact(tx, { name: 'Lívia Prado', address: 'livia@agencia.example' }, 'pt-BR', now),
      kofi: await agent('kofi'),
      lucia: await agent('lucia'),
    }
  })
  const story = storyteller(parts, now)
  const client = (id: number): Actor => ({ kind: 'contact', id })
  const agent = (id: number): Actor => ({ kind: 'agent', id })

  const invoice = await story.open(-75, client(livia), 'mail', {
    subject: 'Nota fiscal de outubro em duplicidade',
    accountKey: 'acme-sao-paulo',
    branch: 'financial',
    text: 'Olá! Recebemos duas notas com o mesmo valor em outubro. Qual delas devemos pagar?',
  })
  await story.next(-74, agent(lucia), 'slack', {
    type: 'answer',
    ticketId: invoice,
    waits: false,
    comment: said(
      'Olá, Lívia! A segunda nota foi emitida por engano e já está cancelada. Por favor, pague só a primeira.',
    ),
  })
  await story.next(-73, agent(lucia), 'slack', { type: 'solve', ticketId: invoice })
  await story.close(-45, invoice)

  const checkout = await story.open(-30, client(ada), 'slack', {
    subject: 'Checkout shows an empty page on phones',
    accountKey: 'acme-berlin',
    branch: 'technical',
    answers: { branch: 'technical', problem_type: '1', impact: 'critical', users: 'buyers', experience: '2' },
    impact: 'critical',
    users: 'buyers',
    priority: 'urgent',
    text: 'Since this morning the last step of the checkout is an empty white page on iPhones. On a computer it works.',
  })
  await story.next(-29.5, agent(kofi), 'slack', {
    type: 'answer',
    ticketId: checkout,
    waits: false,
    comment: said(
      'Thank you, Ada. A script of the payment provider was blocked; we have put the earlier version back. Could you try again?',
    ),
  })
  await story.next(-16, client(ada), 'slack', {
    type: 'reply',
    ticketId: checkout,
    comment: said('It works again on all our phones. Thank you!'),
    receivedAt: new Date(now.getTime() - 16 * HOUR),
    alreadyTold: [],
    mayAnswer: true,
  })
  // Long enough ago that whoever tries the desk is asked for a rating again.
  await story.next(-14, agent(kofi), 'slack', { type: 'solve', ticketId: checkout })

  const policy = await story.open(-20, client(bruno), 'slack', {
    subject: 'Creating a trade policy',
    accountKey: 'acme-sao-paulo',
    branch: 'commercial',
    text: 'We want to sell to resellers with prices of their own from January on.',
  })
  await story.next(-19, agent(lucia), 'slack', {
    type: 'answer',
    ticketId: policy,
    waits: true,
    comment: said('Gladly. How many resellers will it be at first, and should they see the prices without signing in?'),
  })

  await story.open(-1.5, client(ada), 'slack', {
    subject: 'How do I export last month’s orders?',
    accountKey: 'acme-berlin',
    branch: 'technical',
    answers: { branch: 'technical', problem_type: '2', impact: 'auxiliary', users: 'admin', experience: '1' },
    impact: 'auxiliary',
    users: 'admin',
    priority: 'low',
    text: 'Our accountant needs all orders of last month as a table. Where do I find that?',
  })
  const blocked = await story.open(-0.5, client(bruno), 'mail', {
    subject: 'Admin is blocked',
    accountKey: 'acme-sao-paulo',
    branch: 'financial',
    priority: 'high',
    text: 'Our admin has been blocked since ten o’clock although the invoice is paid. The receipt is below.',
  })
  await story.next(-0.4, agent(lucia), 'slack', { type: 'assign', ticketId: blocked, agentId: lucia, expected: null })
  await claimSource(database, ALL_DONE, now)
}

/** In an empty desk, and where a start was cut off in the middle: steps that were done are not done again. */
async function isWanted(database: Database): Promise<boolean> {
  const { rows } = await database.query<{ wanted: boolean }>(
    `select not exists (select from handled_sources where source = $1)
       and not exists (select from events where type = 'opened' and source not like 'sample/%') as wanted`,
    [ALL_DONE],
  )
  return rows[0]!.wanted
}

function said(text: string) {
  return { text, fullText: null, attachments: [] }
}

type Opening = Partial<Intake> & Pick<Intake, 'subject' | 'accountKey' | 'branch'> & { text: string }

/** Plays commands at hours before now, each under a source of its own. */
function storyteller(parts: SampleParts, now: Date) {
  let step = 0
  const play = async (hours: number, actor: Actor, via: Via, ask: Ask) => {
    const desk = parts.deskAt(MovableClock.at(new Date(now.getTime() + hours * HOUR)))
    step += 1
    return desk.handle({ ...ask, actor, via, source: `sample/${step}` })
  }
  return {
    next: play,
    open: async (hours: number, actor: Actor, via: Via, { text, ...opening }: Opening) => {
      const { ticketId } = await play(hours, actor, via, {
        type: 'open',
        intake: {
          form: null,
          answers: {},
          impact: null,
          users: null,
          priority: 'normal',
          ...opening,
          ...(opening.answers ? { form: { name: 'intake', version: '1' } } : {}),
          ...parts.routeOf(opening.branch, opening.accountKey),
        },
        requesterId: actor.kind === 'system' ? 0 : actor.id,
        ccIds: [],
        locale: 'en',
        comment: said(text),
        mayAnswer: true,
        followUpOf: null,
      })
      return ticketId
    },
    close: async (hours: number, ticketId: number) => {
      const { rows } = await parts.database.query<{ reopen_until: Date }>(
        'select reopen_until from tickets where id = $1',
        [ticketId],
      )
      await play(hours, { kind: 'system' }, 'system', { type: 'close', ticketId, dueAt: rows[0]!.reopen_until })
    },
  }
}
