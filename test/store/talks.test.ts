import { afterAll, beforeAll, expect, test } from 'vitest'
import { changeWords, savePassage } from '../../src/store/passages.ts'
import { addWords, beginTalk, settleTalk } from '../../src/store/talks.ts'
import { startDesk, type TestDesk } from '../support/desk.ts'

const user = { teamId: 'T1', userId: 'U0ADA' }
const now = new Date('2026-11-30T06:00:00Z')
const later = (s: number) => new Date(now.getTime() + s * 1000)

let desk: TestDesk

beforeAll(async () => {
  desk = await startDesk()
})
afterAll(() => desk.end())

test('an edit that comes after a later one changes nothing, whatever the line became', async () => {
  const { database } = desk
  const id = await database.transaction(async (tx) => {
    const about = { channel: 'D1', threadTs: null, channelName: null, pressedTs: null, isUnread: false, leftOut: 0 }
    const talk = await beginTalk(tx, user, { kind: 'direct', ...about }, now)
    const words = { author: 'Ada', authorId: user.userId, isOwn: true, files: [] }
    for (const ts of ['1.1', '2.2']) await addWords(tx, talk, 'D1', { ...words, ts, text: ts }, now)
    return talk
  })
  const change = (text: string, at: Date) =>
    database.transaction((tx) => changeWords(tx, { channel: 'D1', ts: '1.1' }, { text, at }))
  expect(await change('second', later(2))).toEqual([]) // nothing it stands in yet
  expect(await change('first', later(1))).toEqual([])
  await database.transaction(async (tx) => {
    expect(await settleTalk(tx, id, now, 'slack/talk/1')).toMatchObject([{ text: 'second' }, { text: '2.2' }])
    await savePassage(tx, id, [{ ts: '1.1' }, 'and', { ts: '2.2' }])
  })
  expect(await change('fourth', later(4))).toMatchObject([
    { became: 'slack/talk/1', passage: [{ ts: '1.1' }, 'and', { ts: '2.2' }], words: [{ text: 'fourth' }, {}] },
  ])
  for (const at of [later(3), later(4)]) expect(await change('third', at)).toEqual([])
  expect(await change('fifth', later(5))).toMatchObject([{ words: [{ text: 'fifth' }, { text: '2.2' }] }])
})
