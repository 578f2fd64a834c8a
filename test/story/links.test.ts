import { afterAll, beforeAll, expect, test } from 'vitest'
import { ask } from '../slack/scenes.ts'
import { dmOf } from '../support/acting.ts'
import { ADA, BRUNO, eventually, GENERAL, KOFI, startWorld, TRIAGE, type World, wordsOf } from '../support/world.ts'

let world: World
let adas: number
let brunos: number

beforeAll(async () => {
  const prepare = ({ state }: World['slack']) => {
    if (!state.channel(GENERAL)!.members.includes('U0DESKHAND')) state.channel(GENERAL)!.members.push('U0DESKHAND')
  }
  world = await startWorld({ mode: 'socket', prepare })
  adas = await ask(world, ADA, 'The <printer> burns & smokes')
  brunos = await ask(world, BRUNO, 'The door is stuck')
})
afterAll(() => world?.stop())

test('in their own DM a link shows subject and status, of somebody else’s and of none it shows nothing', async () => {
  const ts = await post(ADA, dmOf(world, ADA), link(adas))
  await eventually(() =>
    expect(unfurled(dmOf(world, ADA), ts)).toMatch(/The &lt;printer&gt; burns &amp; smokes · Open/),
  )
  const others = await Promise.all([link(brunos), link(999_999)].map((url) => post(ADA, dmOf(world, ADA), url)))
  await world.settle()
  for (const other of others) expect(unfurled(dmOf(world, ADA), other)).toBe('')
  // Nor is a link taken for words that want a request.
  expect(JSON.stringify(world.slack.state.all(dmOf(world, ADA)))).not.toContain('way-in')
})

test('in a DM of two other people nobody is shown a request, whoever of them may read it', async () => {
  const { channelId } = (await world.slack.people.openDm(ADA, BRUNO)) as { channelId: string }
  const ts = await post(ADA, channelId, link(adas))
  await world.settle()
  expect(unfurled(channelId, ts)).toBe('')
})

test('in the triage channel it shows to the team, and the change Slack tells of it is no edit', async () => {
  const ts = await post(KOFI, TRIAGE, `See ${link(adas)} please`)
  await eventually(() => expect(unfurled(TRIAGE, ts)).toContain('The &lt;printer&gt; burns'))
  await world.settle()
  expect((await world.db.query(`select from events where type = 'edited'`)).rowCount).toBe(0)
})

test('elsewhere only whoever posted it and may read it sees it, with the way to open it', async () => {
  const ts = await post(ADA, GENERAL, `What about ${link(adas)}?`.replace('?', ' ?'))
  const told = await eventually(() => {
    const last = world.slack.state.ephemerals(ADA).at(-1)!
    expect(wordsOf(last)).toContain('Only you see this')
    return last
  })
  expect(unfurled(GENERAL, ts)).toBe('')
  await world.slack.people.click(ADA, { channelId: told.channel, ts: told.ts }, 'request.show')
  const shown = await eventually(() => {
    const open = world.slack.state.modal(ADA)
    expect(JSON.stringify(open?.view.blocks)).toContain('burns & smokes')
    return open!
  })
  expect(shown.view.id).toBeTruthy()

  const before = world.slack.state.ephemerals(BRUNO).length
  const brunosPost = await post(BRUNO, GENERAL, link(adas))
  await world.settle()
  expect(world.slack.state.ephemerals(BRUNO)).toHaveLength(before)
  expect(unfurled(GENERAL, brunosPost)).toBe('')
})

test('in a browser every number has one and the same page, and what is no number has none', async () => {
  const of = async (path: string) => {
    const answer = await fetch(`${world.url}/requests/${path}`)
    return { status: answer.status, text: await answer.text() }
  }
  const [real, none] = await Promise.all([of(String(adas)), of('999999')])
  expect(real.status).toBe(200)
  expect(real.text).toContain('is read and answered in Slack')
  expect(real.text.replaceAll(String(adas), 'N')).toBe(none.text.replaceAll('999999', 'N'))
  expect(real.text).not.toContain('printer')
  for (const odd of ['0', 'x', '1e3', '1'.repeat(40)]) expect((await of(odd)).status).toBe(404)
})

test('Slack takes an unfurl only of a link of ours that the message has', async () => {
  const dm = dmOf(world, ADA)
  const ts = await post(ADA, dm, 'no link here')
  const call = async (body: object) => {
    const answer = await fetch(`${world.slackSettings.apiUrl}chat.unfurl`, {
      method: 'POST',
      headers: { authorization: `Bearer ${world.slackSettings.botToken}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    return (await answer.json()).error
  }
  const unfurls = { [link(adas)]: { blocks: [] } }
  expect(await call({ channel: dm, ts, unfurls })).toBe('cannot_unfurl_url')
  expect(await call({ channel: dm, ts: '1.1', unfurls })).toBe('cannot_find_message')
  expect(await call({ channel: 'C0NONE', ts, unfurls })).toBe('cannot_find_channel')
  expect(await call({ channel: dm, ts })).toBe('missing_unfurls')
  expect(await call({ channel: dm, unfurls })).toBe('missing_ts')
})

const link = (number: number) => `${world.url}/requests/${number}`

async function post(user: string, channel: string, text: string): Promise<string> {
  const sent = await world.slack.people.post(user, channel, { text })
  expect(sent).toMatchObject({ ok: true })
  await world.settle()
  return (sent as { ts: string }).ts
}

/** What stands under the links of a message, as JSON; empty when nothing does. */
function unfurled(channel: string, ts: string): string {
  const message = world.slack.state.all(channel).find((each) => each.ts === ts)
  return JSON.stringify(message?.attachments ?? '').replace(/^""$/, '')
}
