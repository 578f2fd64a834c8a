import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createLinking, type Linking } from '../../src/linking.ts'
import { contactOfAddress, ensureMailContact, ensureSlackContact } from '../../src/store/people.ts'
import { HOUR, type Office, openOffice, proofIn } from './office.ts'

let office: Office
let linking: Linking
let homes = 0

beforeAll(async () => {
  const later = {
    askBoth: (...asked: Parameters<Linking['askBoth']>) => linking.askBoth(...asked),
    confirmBoth: (...asked: Parameters<Linking['confirmBoth']>) => linking.confirmBoth(...asked),
  }
  office = await openOffice({ linking: later, isOwnAddress: (address) => address === 'support@desk.example' })
  const { database, clock, secrets } = office
  const queue = { wakeLane: async () => {}, fetchFile: async () => {} }
  linking = createLinking({ database, clock, queue, secrets, triageChannelOf: () => 'C1', mailHost: 'desk.example' })
})
afterAll(() => office.close())

const path = (ticketId: number) => `/addresses/${office.secrets.describeToken(ticketId)}`
const see = async (ticketId: number) => (await office.web.request(path(ticketId))).text()
const post = (ticketId: number, fields: Record<string, string>, headers: Record<string, string> = {}) =>
  office.web.request(path(ticketId), {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body: new URLSearchParams(fields).toString(),
  })

/** Asks for the codes as the page does; answers with the page that asks for them, and their ids. */
async function ask(ticketId: number, address: string) {
  const page = await (await post(ticketId, { page: proofIn(await see(ticketId)), address })).text()
  const id = (name: string) => new RegExp(`name="${name}" value="([0-9a-f-]{36})"`).exec(page)?.[1] ?? ''
  return { page, proof: proofIn(page), own: id('own'), other: id('other') }
}

type Asked = Awaited<ReturnType<typeof ask>>
const code = (id: string) => office.secrets.linkingCode(id)
const wrong = (id: string) => String((Number(code(id)) + 1) % 1_000_000).padStart(6, '0')
const answer = async (ticketId: number, { proof, own, other }: Asked, codes: { own: string; other: string }) => {
  const fields = { page: proof, own, other, code_own: codes.own, code_other: codes.other }
  return (await post(ticketId, fields)).text()
}
const right = ({ own, other }: Asked) => ({ own: code(own), other: code(other) })

async function mailedTo(): Promise<string[]> {
  const { rows } = await office.database.query(
    `select c.address from outbox o join linking_codes c on c.id::text = o.effect->>'codeId' order by o.id`,
  )
  return rows.map(({ address }) => address as string)
}
async function requesterOf(ticketId: number) {
  const { rows } = await office.database.query(
    `select t.requester_id as id, a.address from tickets t join contact_addresses a on a.contact_id = t.requester_id
     where t.id = $1 order by a.linked_at nulls first`,
    [ticketId],
  )
  return { id: rows[0]!.id as number, address: rows[0]!.address as string }
}
const newHome = () => `home${++homes}@elsewhere.example`
const known = (address: string) =>
  office.database.transaction((tx) => ensureMailContact(tx, { name: 'Ada', address }, null, office.clock.now()))

describe('two addresses', () => {
  test('become one person’s by a code mailed to each, and she is written to where she was', async () => {
    const [ticketId, home] = [await office.openTicket(), newHome()]
    const former = await known(home)
    const asked = await ask(ticketId, home)
    const { id, address } = await requesterOf(ticketId)
    expect((await mailedTo()).slice(-2)).toEqual([address, home])
    expect(await answer(ticketId, asked, right(asked))).toContain(`Done: ${home} is yours now, too.`)
    expect(await contactOfAddress(office.database, home)).toMatchObject({ id, address })
    const { rows } = await office.database.query('select merged_into from contacts where id = $1', [former])
    expect(rows).toEqual([{ merged_into: id }])
    // Sent twice it is done once.
    expect(await answer(ticketId, asked, right(asked))).toContain('Done:')
  })

  test('stay two while one of the codes is wrong: who has only a forwarded link has nothing', async () => {
    const [ticketId, mine] = [await office.openTicket(), newHome()]
    const asked = await ask(ticketId, mine)
    const { own, other } = right(asked)
    for (const codes of [
      { own: wrong(asked.own), other },
      { own: other, other },
      { own: '', other },
      { own, other: wrong(asked.other) },
    ])
      expect(await answer(ticketId, asked, codes)).toContain('is not the code')
    // The code of one's own mailbox in both places, by ids moved about.
    const moved = { ...asked, own: asked.other, other: asked.own }
    expect(await answer(ticketId, moved, { own: other, other: wrong(asked.own) })).not.toContain('Done')
    expect(await contactOfAddress(office.database, mine)).toBeNull()
  })

  test('are joined by no code of an hour ago, of another ticket’s requester, or after five wrong tries', async () => {
    const [ticketId, another, mine] = [await office.openTicket(), await office.openTicket(), newHome()]
    const late = await ask(ticketId, mine)
    expect(await answer(another, { ...late, proof: proofIn(await see(another)) }, right(late))).toContain('no longer')
    await office.clock.push(HOUR)
    expect(await answer(ticketId, { ...late, proof: proofIn(await see(ticketId)) }, right(late))).toContain('no longer')
    const tried = await ask(ticketId, mine)
    for (let n = 0; n < 5; n++) await answer(ticketId, tried, { own: wrong(tried.own), other: code(tried.other) })
    expect(await answer(ticketId, tried, right(tried))).toContain('no longer')
    expect(await contactOfAddress(office.database, mine)).toBeNull()
  })

  test('stay two where the other is somebody’s who uses Slack', async () => {
    const [ticketId, home] = [await office.openTicket(), newHome()]
    const profile = { name: 'Bo', address: home, locale: null, timeZone: null }
    await office.database.transaction((tx) =>
      ensureSlackContact(tx, { teamId: 'T1', userId: `U${homes}` }, profile, office.clock.now()),
    )
    const asked = await ask(ticketId, home)
    expect(await answer(ticketId, asked, right(asked))).toContain('belongs to somebody who uses Slack')
  })
})

describe('asking', () => {
  test('is answered alike whoever has the address, and when too many codes were asked for (W5, W6)', async () => {
    const ticketId = await office.openTicket()
    await known('known@elsewhere.example')
    const { address } = await requesterOf(ticketId)
    const plain = ({ page }: Asked) => page.replace(/value="[^"]*"/g, '')
    const before = (await mailedTo()).length
    const first = await ask(ticketId, 'unknown@elsewhere.example')
    expect(plain(await ask(ticketId, 'known@elsewhere.example'))).toBe(plain(first))
    for (const other of [address, newHome(), newHome()]) expect(plain(await ask(ticketId, other))).toBe(plain(first))
    expect((await mailedTo()).length - before).toBe(5)
    expect(first.page).not.toContain(address)
  })

  test('mails nothing by a GET, from another site, from an old page, or to no address (W1, W8, W21)', async () => {
    const ticketId = await office.openTicket()
    const before = (await mailedTo()).length
    const url = `${path(ticketId)}?address=${newHome()}`
    for (const method of ['GET', 'HEAD', 'PUT', 'DELETE'])
      expect([200, 405]).toContain((await office.web.request(url, { method })).status)
    const page = proofIn(await see(ticketId))
    const cross = { 'sec-fetch-site': 'cross-site' }
    expect((await post(ticketId, { page, address: newHome() }, cross)).status).toBe(403)
    expect((await post(ticketId, { page, address: newHome() }, { origin: 'https://evil.example' })).status).toBe(403)
    expect((await post(ticketId, { page: 'made up', address: newHome() })).status).toBe(403)
    const other = proofIn(await see(await office.openTicket()))
    expect((await post(ticketId, { page: other, address: newHome() })).status).toBe(403)
    for (const address of ['', 'ada', 'a@b.example, c@d.example', 'support@desk.example', 'x@y\r\nBcc: v@w.example'])
      expect((await post(ticketId, { page, address })).status, address).toBe(422)
    expect((await post(ticketId, { page, address: newHome(), more: '1' })).status).toBe(400)
    const ids = { own: 'x', other: 'y', code_own: '1', code_other: '2' }
    expect((await post(ticketId, { page, ...ids })).status).toBe(400)
    expect((await office.web.request(`/addresses/${'a'.repeat(26)}`)).status).toBe(404)
    expect((await office.web.request(`/addresses/${office.secrets.surveyToken(ticketId)}`)).status).toBe(404)
    expect((await mailedTo()).length).toBe(before)
  })

  test('speaks the requester’s language and repeats no markup', async () => {
    const ticketId = await office.openTicket('Hi', 'es')
    const page = await (await post(ticketId, { page: 'old', address: '"><script>' })).text()
    expect(page).toContain('Une tus dos direcciones')
    expect(page).not.toContain('<script')
    const response = await office.web.request(path(ticketId))
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(response.headers.get('referrer-policy')).toBe('no-referrer')
  })
})
