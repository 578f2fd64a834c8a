import { afterAll, beforeAll, expect, test } from 'vitest'
import { createSecrets } from '../../src/secrets.ts'
import { mergeContacts } from '../../src/store/merge-contacts.ts'
import { loadTicket } from '../../src/store/tickets.ts'
import { ratingsToken } from '../../src/web/ratings-token.ts'
import { type Office, openOffice } from './office.ts'

let office: Office
beforeAll(async () => {
  office = await openOffice()
})
afterAll(() => office.close())

test('a link from before two contacts became one shows the one’s list, from either address (SUR-04)', async () => {
  const home = await solvedBy('From home')
  const work = await solvedBy('From work')
  const elsewhere = await solvedBy('Of somebody else')
  expect(await listOf(home.contactId)).toContain('<bdi>From home</bdi>')
  await office.database.transaction((tx) => mergeContacts(tx, home.contactId, work.contactId, office.clock.now()))
  for (const { contactId } of [home, work]) {
    const page = await listOf(contactId)
    expect(page).toContain('<bdi>From home</bdi>')
    expect(page).toContain('<bdi>From work</bdi>')
    expect(page).not.toContain('Of somebody else')
  }
  // And who becomes somebody once more is found at one step.
  await office.database.transaction((tx) => mergeContacts(tx, work.contactId, elsewhere.contactId, office.clock.now()))
  expect(await listOf(home.contactId)).toContain('<bdi>Of somebody else</bdi>')
})

async function solvedBy(subject: string) {
  const ticketId = await office.openTicket(subject)
  await office.solve(ticketId)
  return { ticketId, contactId: (await loadTicket(office.database, ticketId))!.requesterId }
}

async function listOf(contactId: number): Promise<string> {
  const token = ratingsToken(createSecrets('a secret of this test'), office.clock, contactId)
  return (await office.web.request(`/ratings/${token}`)).text()
}
