import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Hono } from 'hono'
import { MovableClock } from '../../src/clock.ts'
import { createDesk, type Desk } from '../../src/desk.ts'
import { createSecrets } from '../../src/secrets.ts'
import { type Database, openDatabase } from '../../src/store/database.ts'
import { folderStore } from '../../src/store/files.ts'
import { eventsOf } from '../../src/store/log.ts'
import { ensureAgent, ensureMailContact } from '../../src/store/people.ts'
import { loadTemplates } from '../../src/templates.ts'
import { createWeb, type WebParts } from '../../src/web.ts'
import { freshDatabase } from '../support/database.ts'

export const HOUR = 3_600_000

/** A desk with its pages on a real database: Ada asks, Kofi answers, and a solved ticket reopens for 27 hours. */
export async function openOffice(changed: Partial<WebParts> = {}) {
  const fresh = await freshDatabase()
  const database = openDatabase(fresh.url)
  const clock = MovableClock.at(new Date('2026-11-23T16:00:00Z'))
  const secrets = createSecrets('a secret of this test')
  const desk = createDesk({
    database,
    clock,
    secrets,
    queue: { wakeLane: async () => {}, fetchFile: async () => {} },
    termsOf: () => ({
      reopenUntil: ({ solvedAt }) => new Date(solvedAt.getTime() + 27 * HOUR),
      ...(changed.questionnaire && {
        intake: { form: changed.questionnaire.form, routeOf: () => ({ groupKey: 'support', regionKey: 'eu' }) },
      }),
    }),
    triageChannelOf: () => 'C0TRIAGE',
    mailHost: 'desk.example',
  })
  const errors: { fields: Record<string, unknown>; message: string }[] = []
  const files = folderStore(await mkdtemp(join(tmpdir(), 'deskhand-files-')))
  const parts: WebParts = {
    database,
    desk,
    clock,
    secrets,
    files,
    templates: await loadTemplates(new URL('../../templates', import.meta.url).pathname),
    publicUrl: 'https://desk.example',
    companyName: 'Acme <Help>',
    ready: async () => ({ postgres: true, slack: true, imap: true, ledger: true }),
    log: { error: (fields, message) => errors.push({ fields: fields as Record<string, unknown>, message }) },
    ...changed,
  }
  const web: Hono = createWeb(parts)
  const office = {
    ...parts,
    clock,
    web,
    errors,
    ...story(database, desk, clock),
    tokenOf: secrets.surveyToken,
    /** The votes that count, oldest first. */
    votes: async (ticketId: number) =>
      (await eventsOf(database, ticketId)).flatMap((event) => (event.type === 'rated' ? [event.score] : [])),
    /** The survey's page as a browser gets it. */
    see: async (ticketId: number, query = '', headers: Record<string, string> = {}) =>
      (await web.request(`/survey/${secrets.surveyToken(ticketId)}${query}`, { headers })).text(),
    /** Presses Send on a page, with these fields instead of its own. */
    send: (ticketId: number, fields: Record<string, string> | string, headers: Record<string, string> = {}) =>
      web.request(`/survey/${secrets.surveyToken(ticketId)}`, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
        body: typeof fields === 'string' ? fields : new URLSearchParams(fields).toString(),
      }),
    close: async () => {
      await database.close()
      await fresh.drop()
    },
  }
  return office
}

export type Office = Awaited<ReturnType<typeof openOffice>>

/** What the page proves itself with. */
export function proofIn(page: string): string {
  return /name="page" value="([^"]+)"/.exec(page)?.[1] ?? ''
}

function story(database: Database, desk: Desk, clock: MovableClock) {
  let count = 0
  const agent = () =>
    database.transaction((tx) => ensureAgent(tx, { teamId: 'T1', userId: 'UKOFI' }, 'Kofi Mensah', clock.now()))
  const act = async (ticketId: number, what: { type: 'solve' } | { type: 'reopen'; askedAt: Date }) => {
    const actor = { kind: 'agent', id: await agent() } as const
    await desk.handle({ ...what, ticketId, actor, via: 'slack', source: `test/${++count}` })
  }
  return {
    solve: (ticketId: number) => act(ticketId, { type: 'solve' }),
    reopen: (ticketId: number) => act(ticketId, { type: 'reopen', askedAt: clock.now() }),
    /** Time passes the deadline, and the ticket closes. */
    closeOnTime: async (ticketId: number) => {
      const { rows } = await database.query('select reopen_until from tickets where id = $1', [ticketId])
      await clock.push(28 * HOUR)
      const close = { type: 'close', ticketId, dueAt: rows[0]!.reopen_until as Date } as const
      await desk.handle({ ...close, actor: { kind: 'system' }, via: 'system', source: `test/${++count}` })
    },
    openTicket: async (subject = 'The printer is on fire', locale: string | null = 'en', zone = 'Europe/Berlin') => {
      const name = `ada${++count}`
      const address = `${name}@client.example`
      const requesterId = await database.transaction((tx) =>
        ensureMailContact(tx, { name: 'Ada Lovelace', address }, locale, clock.now()),
      )
      await database.query('update contacts set time_zone = $2 where id = $1', [requesterId, zone])
      const { ticketId } = await desk.handle({
        type: 'open',
        intake: {
          subject,
          branch: null,
          accountKey: null,
          groupKey: 'support',
          regionKey: 'eu',
          form: null,
          answers: {},
          impact: null,
          users: null,
          priority: 'normal',
        },
        requesterId,
        ccIds: [],
        locale: 'en',
        comment: { text: 'It smokes, and the password is hunter2.', fullText: null, attachments: [] },
        mayAnswer: true,
        followUpOf: null,
        actor: { kind: 'contact', id: requesterId },
        via: 'mail',
        source: `test/${++count}`,
      })
      return ticketId
    },
  }
}
