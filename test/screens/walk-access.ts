import { randomUUID } from 'node:crypto'
import { expect } from 'vitest'
import { grant } from '../../src/store/organizations.ts'
import { answer } from '../slack/scenes.ts'
import { lastMailTo, mailsTo } from '../support/acting.ts'
import { KOFI, type World } from '../support/world.ts'
import { HOUR, type Scene } from './scene.ts'
import type { Values, Walker } from './walker.ts'

export async function manage(world: World, who: Walker, access: 'all' | 'none'): Promise<void> {
  const domain = who.address.split('@')[1]!
  await world.product.forSamples.database.transaction(async (tx) => {
    await tx.query(`insert into agents (team_id, user_id, name, created_at) select 'T', 'U-GRANT', 'Kofi Mensah', now()
      where not exists (select from agents)`)
    const { rows: agent } = await tx.query<{ id: number }>('select min(id) as id from agents')
    const by = { agentId: agent[0]!.id, ticketId: null, source: `test/${randomUUID()}`, at: world.clock.now() }
    await grant(tx, null, { name: 'ACME', domains: [domain], access, members: [] }, by)
  })
}

export async function wayToAStore({ guest, world }: Scene): Promise<void> {
  await guest.typeFor('', 'intake.page')
  await guest.inModal('intake.access', 'access.ask')
  await guest.refused({ address: 'GUS@-X.EXAMPLE' })
  await guest.refused({ address: world.supportAddress })
  const store = 'loja@acme-sp.example'
  await guest.submit({ address: 'nobody@nowhere.example' })
  await guest.modal('access.code')
  await guest.inModal('access.back', 'access.ask')
  await guest.inModal('access.back', 'intake.page')
  await guest.inModal('intake.access', 'access.ask')
  await guest.submit({ address: store })
  await guest.modal('access.code')
  await world.settle()
  const code = codeIn((await lastMailTo(world, store)).text)
  const wrong = code.startsWith('1') ? '222222' : '111111'
  for (let left = 4; left >= 2; left--) await guest.refused({ code: wrong })
  await guest.submit({ code })
  await guest.modal('intake.page')
  await guest.inModal('intake.access', 'access.ask')
  for (let turn = 0; turn < 6; turn++) {
    await guest.submit({ address: `x${turn}@nowhere.example` })
    if ((await guest.modal()).view.callbackId === 'access.ask') break
    if (turn === 0) for (let left = 5; left >= 0; left--) await guest.refused({ code: '111111' })
    await guest.inModal('access.back', 'access.ask')
  }
  await guest.close()
}

export async function moreAddresses({ client, guest, world }: Scene): Promise<void> {
  await guest.openHome()
  await guest.fromHome('home.addresses', 'addresses.ask')
  await guest.close()
  await client.openHome()
  await client.fromHome('home.addresses', 'addresses.ask')
  await client.refused({ address: 'GUS@-X.EXAMPLE' })
  await client.refused({ address: world.supportAddress })
  await client.refused({ address: client.address })
  for (const [turn, before] of [0, 1, 2].entries()) {
    const other = `other${turn}.${client.address}`
    for (let sent = 0; sent < before; sent++) await client.mail(`FROM ELSEWHERE ${sent}`, 'WORDS', [], other)
    await client.submit({ address: other })
    await client.modal('addresses.code')
    await world.settle()
    const code = codeIn(
      mailsTo(world, other)
        .filter(({ text }) => /^ +\d{3} \d{3}\s*$/m.test(text))
        .at(-1)!.text,
    )
    if (turn === 0) await client.refused({ code: code.startsWith('1') ? '222222' : '111111' })
    await client.submit({ code })
    await client.modal('intake.done')
    await client.close()
    if (turn < 2) await client.fromHome('home.addresses', 'addresses.ask')
  }
  await world.push(2 * HOUR)
}

export async function organisation({ client, guest, world }: Scene): Promise<void> {
  await guest.openHome()
  await guest.fromHome('home.organization', 'organization.ask')
  await guest.close()
  await client.openHome()
  const { view } = { view: await client.fromHome('home.organization', 'organization.ask') }
  const blocks = view.blocks.map(({ block_id }) => block_id)
  expect(blocks).toContain('domains')
  const typed = { name: 'ACME', domains: '@acme.example', access: 'all' }
  for (const other of [
    { name: ' ' },
    { domains: ' ' },
    { domains: '@nothing' },
    { domains: '@gmail.com' },
    { access: 'named', members: ' ' },
    { access: 'named', members: 'NOBODY' },
  ])
    await client.refused({ ...typed, ...other } as Values)
  await client.submit({ ...typed, members: null })
  const number = await client.sent()
  await answer(world, KOFI, number, 'WE LOOK AT IT')
}

const codeIn = (text: string) => /^ +(\d{3} \d{3})\s*$/m.exec(text)![1]!.replace(' ', '')
