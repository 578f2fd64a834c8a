import { createHash } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ADA, eventually, GENERAL, KOFI, startWorld, type World, wordsOf } from '../support/world.ts'
import { cardOf, fillIn, modalOf, openForm, technical, under } from './scenes.ts'

let world: World

beforeAll(async () => {
  // A channel shared with another company, which the app is in: so its people can write to the app.
  const prepare = ({ state }: World['slack']) => {
    state.people().push({
      id: 'U0EXT',
      name: 'ext',
      realName: 'Eva Extern',
      tz: 'Europe/Berlin',
      locale: 'en-GB',
      teamId: 'T0OTHER',
    })
    state.channel(GENERAL)!.members.push('U0EXT', 'U0DESKHAND')
  }
  world = await startWorld({ mode: 'socket', prepare })
})
afterAll(() => world?.stop())

const upload = (name: string, bytes: Buffer, mimetype = 'text/plain') =>
  world.slack.people.upload(ADA, { name, mimetype, bytes })
const attachments = async () =>
  (
    await world.db.query(
      `select name, size::int, encode(sha256, 'hex') as sha256, refused from attachments order by id desc limit 1`,
    )
  ).rows[0]
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')

test.each([
  ['technical', [...technical('Smoke').slice(2, 4)], { experience: '1', description: 'See the file.' }],
  ['financial', [{ financial: '03' }], { description: 'Paid.' }],
  [
    'commercial',
    [{ commercial: '5' }],
    { master_admin_present: 'a@b.c', master_admin_agrees: 'yes', master_admin_name: 'A', master_admin_email: 'd@e.f' },
  ],
])(
  'a file of the %s form is downloaded, kept by its content and linked under the card',
  async (branch, pages, last) => {
    const { view } = await openForm(world, ADA)
    await fillIn(world, ADA, view.id, [{ account: 'acme-berlin' }, { branch }, ...pages])
    const bytes = Buffer.from(`a receipt for ${branch}`)
    const file = await upload(`${branch}.html`, bytes, 'text/html')
    await fillIn(world, ADA, view.id, [{ ...last, file: [file.id] }])
    const sent = await modalOf(world, ADA, 'intake.sent')
    await world.slack.people.close(ADA, view.id)
    const number = Number(/#(\d+)/.exec(JSON.stringify(sent.view.blocks))![1])
    await eventually(async () =>
      expect(await attachments()).toEqual({
        name: `${branch}.html`,
        size: bytes.length,
        sha256: sha256(bytes),
        refused: null,
      }),
    )
    const link = await eventually(async () => {
      await world.settle()
      const found = /"(http[^"]*\/files\/[^"]*)"/.exec(under(world, cardOf(world, number), KOFI).map(wordsOf).join())
      expect(found).not.toBeNull()
      return found![1]!
    })
    const answer = await fetch(link)
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(bytes)
    expect(answer.headers.get('content-disposition')).toMatch(/^attachment/)
  },
)

test('a file over the limit is refused at its field, by name, and another can take its place; one not sent is not said to be held', async () => {
  const { view } = await openForm(world, ADA)
  await fillIn(world, ADA, view.id, [{ account: 'acme-berlin' }, { branch: 'financial' }, { financial: '03' }])
  const big = await upload('big.zip', Buffer.alloc(5_000_001))
  expect(await world.slack.people.submit(ADA, view.id, { description: 'Paid.', file: [big.id] })).toMatchObject({
    ok: false,
    errors: {
      file: 'big.zip is larger than 5 MB, more than we can take, by mail as well. Instead, share a link where we can download it, or send smaller parts.',
    },
  })
  expect(view.values.description?.description?.value).toBe('Paid.')
  const large = Buffer.alloc(5_000_000, 'x')
  const file = await upload('large.bin', large)
  await world.slack.people.fill(ADA, view.id, 'file', [file.id])
  await world.slack.people.click(ADA, { viewId: view.id }, 'intake.back')
  await eventually(async () =>
    expect(JSON.stringify((await modalOf(world, ADA)).view.blocks)).toContain('Admin is blocked'),
  )
  await fillIn(world, ADA, view.id, [{}])
  // Slack gives a chosen file to the app when the page is sent, and not before.
  expect(JSON.stringify((await modalOf(world, ADA)).view.blocks)).not.toContain('Already attached')
  await fillIn(world, ADA, view.id, [{ file: [file.id] }])
  await modalOf(world, ADA, 'intake.sent')
  await world.slack.people.close(ADA, view.id)
  await eventually(async () =>
    expect(await attachments()).toEqual({ name: 'large.bin', size: 5_000_000, sha256: sha256(large), refused: null }),
  )
})

test('a file of somebody from another company, of which Slack tells only that it must be asked, is kept by its name', async () => {
  const { channelId } = (await world.slack.people.openDm('U0EXT')) as { ok: true; channelId: string }
  await world.slack.people.post('U0EXT', channelId, { text: 'may I?' })
  const hint = await eventually(() => {
    const found = world.slack.state.all(channelId).find(({ botId }) => botId)
    expect(found).toBeDefined()
    return found!
  })
  await world.slack.people.click('U0EXT', { channelId, ts: hint.ts }, 'way-in.open')
  const { view } = await modalOf(world, 'U0EXT')
  const pages = technical('From outside').slice(1)
  await fillIn(world, 'U0EXT', view.id, [{ account: 'unlisted' }, ...pages])
  await modalOf(world, 'U0EXT', 'intake.sent')
  await world.settle()
  const isRequests = (slot: unknown) => String(slot).includes('/request/')
  const root = world.slack.state.all(channelId).find(({ metadata }) => isRequests(metadata?.event_payload.slot))!
  const bytes = Buffer.from('from another workspace')
  const files = [{ name: 'outside.txt', mimetype: 'text/plain', bytes }]
  await world.slack.people.post('U0EXT', channelId, { text: 'here', threadTs: root.ts, files })
  await eventually(async () =>
    expect(await attachments()).toEqual({
      name: 'outside.txt',
      size: bytes.length,
      sha256: sha256(bytes),
      refused: null,
    }),
  )
})
