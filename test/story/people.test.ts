import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { answer, cardOf, modalOf, publicWords, statusOf, under } from '../slack/scenes.ts'
import { buttonIn, lastMailTo, mailsTo, press, type ReceivedMail, replyByMail, writeMail } from '../support/acting.ts'
import { ADA, eventually, KOFI, LUCIA, startWorld, type World, wordsOf } from '../support/world.ts'

let world: World

beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world?.stop())

const ours = (address: string) => mailsTo(world, address).filter(({ from }) => from.includes(world.supportAddress))

describe('the CCs of a mail', () => {
  test('are the CCs of its ticket; it is acknowledged to its sender alone', async () => {
    await writeMail(world, {
      from: 'kim@new.example',
      fromName: 'Kim',
      cc: ['lee@new.example', 'max@new.example'],
      subject: 'Help',
      text: 'Where is my order?',
    })
    await world.settle()
    expect(await ccsOf(1001)).toEqual(['lee@new.example', 'max@new.example'])
    expect(
      [ours('kim@new.example'), ours('lee@new.example'), ours('max@new.example')].map((all) => all.length),
    ).toEqual([1, 0, 0])
  })

  test('who answers the mail that opened it joins by that mail’s own Message-ID', async () => {
    const original = await lastMailTo(world, 'lee@new.example')
    expect(original.from).toContain('kim@new.example')
    await answerOriginal(original, [world.supportAddress], 'I ordered it, number 7.')
    expect(await publicWords(world, 1001)).toEqual(['Where is my order?', 'I ordered it, number 7.'])
    expect(under(world, cardOf(world, 1001), KOFI).map(wordsOf).join()).toContain('(CC) replied by mail')
  })

  test('get every reply once, and nobody twice whom its author wrote to by themselves', async () => {
    for (const address of ['kim@new.example', 'max@new.example'])
      expect(ours(address).filter(({ text }) => text.includes('I ordered it, number 7.'))).toHaveLength(1)
    expect(ours('lee@new.example')).toEqual([])
    const had = ours('kim@new.example').length

    const everybody = [world.supportAddress, 'kim@new.example', 'max@new.example']
    await answerOriginal(await lastMailTo(world, 'lee@new.example'), everybody, 'To all of you: it is number 8.')
    expect(await publicWords(world, 1001)).toContain('To all of you: it is number 8.')
    expect(ours('kim@new.example')).toHaveLength(had)
    expect(ours('max@new.example')).toHaveLength(1)
  })

  test('get the answer, the waiting and the solved mail, the last without the survey', async () => {
    await answer(world, KOFI, 1001, 'It is on its way.')
    await press(world, KOFI, cardOf(world, 1001), 'ticket.pend')
    await eventually(async () => expect(await statusOf(world, 1001)).toBe('pending'))
    await press(world, KOFI, cardOf(world, 1001), 'ticket.solve')
    await eventually(async () => expect(await statusOf(world, 1001)).toBe('solved'))
    await world.settle()
    for (const address of ['lee@new.example', 'max@new.example']) {
      const texts = ours(address).map(({ text }) => text)
      expect(texts.filter((text) => /wrote about [^:]*#1001[^:]*:\s+It is on its way\./.test(text))).toHaveLength(1)
      expect(texts.filter((text) => text.includes('#1001 waits for an answer'))).toHaveLength(1)
      expect(texts.filter((text) => text.includes('#1001 is now marked as solved'))).toHaveLength(1)
      expect(texts.join()).not.toContain('/survey/')
    }
    expect(ours('kim@new.example').at(-1)!.text).toContain('/survey/')
  })

  test('who answers one of our mails joins, and reopens it', async () => {
    await replyByMail(world, ours('max@new.example').at(-1)!, 'Nothing has come yet.')
    await world.settle()
    expect(await statusOf(world, 1001)).toBe('open')
    expect(await publicWords(world, 1001)).toContain('Nothing has come yet.')
  })
})

describe('an agent’s People button', () => {
  const save = async (values: Record<string, string | string[]>) => {
    await press(world, KOFI, cardOf(world, 1001), 'ticket.people')
    const { view } = await modalOf(world, KOFI, 'ticket.people')
    const answered = await world.slack.people.submit(KOFI, view.id, values)
    await world.settle()
    return { answered, view }
  }

  test('shows who is on the ticket', async () => {
    await press(world, KOFI, cardOf(world, 1001), 'ticket.people')
    const { view } = await modalOf(world, KOFI, 'ticket.people')
    const words = JSON.stringify(view)
    for (const address of ['kim@new.example', 'lee@new.example', 'max@new.example']) expect(words).toContain(address)
    await world.slack.people.close(KOFI, view.id)
  })

  test.each([
    ['bea@x.example, carl@', 'carl@'],
    ['bea@x.example\nsupport@sandbox', 'support@sandbox'],
    ['bea@x.example kim@new.example', 'kim@new.example'],
  ])('says at the field what is wrong with %j, and changes nothing', async (add, bad) => {
    const typed = add.replace('support@sandbox', world.supportAddress)
    const { answered, view } = await save({ add: typed })
    const named = bad.replace('support@sandbox', world.supportAddress)
    expect(answered).toMatchObject({ errors: { add: expect.stringContaining(named) } })
    await world.slack.people.close(KOFI, view.id)
    expect(await ccsOf(1001)).toEqual(['lee@new.example', 'max@new.example'])
    expect((await world.db.query(`select from contact_addresses where address = 'bea@x.example'`)).rowCount).toBe(0)
  })

  test('adds somebody, who is told of nothing until somebody says something, and then only of that', async () => {
    const { answered } = await save({ add: 'Bea Brown <bea@x.example>' })
    expect(answered).toEqual({ ok: true, next: 'closed' })
    expect(ours('bea@x.example')).toEqual([])
    const card = cardOf(world, 1001)
    expect(wordsOf(card)).toContain('Bea Brown')
    expect(under(world, card, KOFI).map(wordsOf).join()).toContain('added a CC: Bea Brown (bea@x.example)')
    await answer(world, KOFI, 1001, 'Bea looks into it.')
    const [mail, ...more] = ours('bea@x.example')
    expect(more).toEqual([])
    expect(mail!.text).toContain('Bea looks into it.')
    expect(mail!.text + mail!.html).not.toContain('Where is my order?')
    expect(ours('max@new.example').at(-1)!.text).toContain('Where is my order?')
  })

  test('whoever was added may reply, and then sees the conversation since', async () => {
    await replyByMail(world, ours('bea@x.example').at(-1)!, 'I found it.')
    await world.settle()
    expect(await publicWords(world, 1001)).toContain('I found it.')
    await answer(world, KOFI, 1001, 'Thank you, Bea.')
    const { text } = ours('bea@x.example').at(-1)!
    expect(text).toContain('I found it.')
    expect(text).toContain('Bea looks into it.')
    expect(text).not.toContain('Where is my order?')
  })

  test('removes somebody, who gets nothing more and whose reply is held', async () => {
    const last = ours('max@new.example').at(-1)!
    const max = await contactOf('max@new.example')
    expect((await save({ 'remove.0': [String(max)] })).answered).toEqual({ ok: true, next: 'closed' })
    expect(await ccsOf(1001)).toEqual(['bea@x.example', 'lee@new.example'])
    expect(under(world, cardOf(world, 1001), KOFI).map(wordsOf).join()).toMatch(/removed a CC: \S*max/i)
    const had = ours('max@new.example').length
    await answer(world, KOFI, 1001, 'Max must not read this.')
    expect(ours('max@new.example')).toHaveLength(had)
    await replyByMail(world, last, 'Am I still here?')
    await world.settle()
    expect(await publicWords(world, 1001)).not.toContain('Am I still here?')
    const { rows } = await world.db.query('select outcome, reason from inbound_mails order by id desc limit 1')
    expect(rows).toEqual([{ outcome: 'held', reason: 'unknown-author-on-ticket' }])
  })

  test('a mail that waited when its reader was removed is not sent', async () => {
    world.mail.faults.temporary('lee@new.example', 1)
    await answer(world, KOFI, 1001, 'Lee must not read this.')
    expect(
      ours('lee@new.example')
        .map(({ text }) => text)
        .join(),
    ).not.toContain('Lee must not')
    await save({ 'remove.0': [String(await contactOf('lee@new.example'))] })
    await world.db.query(`update outbox set next_at = now() where state = 'waiting'`)
    await world.db.query('update lanes set next_at = now()')
    await eventually(async () => {
      await world.settle()
      const { rows } = await world.db.query(`select problem from outbox where kind = 'mail' and state = 'never'`)
      expect(rows).toEqual([{ problem: 'not sent: no longer on the ticket' }])
    })
    expect(
      ours('lee@new.example')
        .map(({ text }) => text)
        .join(),
    ).not.toContain('Lee must not')
  })

  test('is no use to a client, and gone from a closed ticket', async () => {
    const card = cardOf(world, 1001)
    await world.slack.people.click(ADA, { channelId: card.channel, ts: card.ts }, 'ticket.people').catch(() => null)
    expect(world.slack.state.modal(ADA)?.view.callbackId).not.toBe('ticket.people')
    expect(buttonIn(card, 'ticket.people')).toBe(true)
    await press(world, LUCIA, card, 'ticket.solve')
    await eventually(async () => expect(await statusOf(world, 1001)).toBe('solved'))
    await world.settle()
    await world.push(28 * 3_600_000)
    expect(await statusOf(world, 1001)).toBe('closed')
    expect(buttonIn(cardOf(world, 1001), 'ticket.people')).toBe(false)
  })
})

/** Lee's mail program answers the mail that Kim wrote, which came to both of them and to us. */
async function answerOriginal(original: ReceivedMail, to: string[], text: string): Promise<void> {
  const mail = { from: 'lee@new.example', to, subject: 'Re: Help', text, inReplyTo: original.id }
  await writeMail(world, mail)
  await world.settle()
}

async function ccsOf(number: number): Promise<string[]> {
  const { rows } = await world.db.query(
    'select address from ticket_ccs join contact_addresses using (contact_id) where ticket_id = $1 order by address',
    [number],
  )
  return rows.map(({ address }) => address)
}

async function contactOf(address: string): Promise<number> {
  const { rows } = await world.db.query('select contact_id from contact_addresses where address = $1', [address])
  return Number(rows[0].contact_id)
}
