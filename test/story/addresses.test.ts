import { afterAll, beforeAll, expect, test } from 'vitest'
import { answer, cardOf, modalOf, publicWords, rootOf } from '../slack/scenes.ts'
import { mailsTo, replyByMail, writeMail } from '../support/acting.ts'
import { ADA, eventually, startWorld, type World, wordsOf } from '../support/world.ts'

// Ada is in Slack as ada@acme.example. From home she writes as ada@home.example, and nobody knows that this is her.
const HOME = 'ada@home.example'
let world: World

beforeAll(async () => {
  world = await startWorld()
  await writeMail(world, { from: HOME, fromName: 'Ada L.', subject: 'My bill', text: 'It is twice as high.' })
  await world.settle()
  await world.slack.people.openHome(ADA)
  await eventually(() => expect(homeWords()).toContain('My addresses'))
})
afterAll(() => world?.stop())

test('a known and an unknown address are answered alike, and each is mailed a code that says nothing of who asked', async () => {
  const answers: string[] = []
  for (const address of [HOME, 'nobody@nowhere.example']) {
    const { words, code } = await askFor(address)
    answers.push(
      words
        .replaceAll(address, '…')
        .replace(/\d\d:\d\d|\^\d+\^/g, '…')
        .replace(/\s+/g, ' '),
    )
    const mail = ours(address).at(-1)!
    expect(code).toMatch(/^\d{3} \d{3}$/)
    expect(mail.subject).toMatch(/^Your code from /)
    expect(mail.text + mail.html).not.toMatch(/Ada|acme\.example/)
    expect(mail.html).toContain(code)
    expect(mail.headers.get('auto-submitted')).toBe('auto-generated')
    await closeModal()
  }
  expect(answers[0]).toBe(answers[1])
})

test('what is no address, or our own, is said at the field', async () => {
  const view = await openAddresses()
  expect(JSON.stringify(view)).toContain('ada@acme.example')
  for (const [typed, said] of [
    ['ada@-home.example', 'not a mail address'],
    [world.supportAddress, 'our own address'],
    ['ADA@acme.example', 'yours already'],
  ] as const)
    expect(await world.slack.people.submit(ADA, view.id, { address: typed })).toMatchObject({
      errors: { address: expect.stringContaining(said) },
    })
  await closeModal()
})

test('a wrong code is said at the field with the tries that are left', async () => {
  const { view, code } = await askFor(HOME)
  const wrong = code.startsWith('1') ? '222222' : '111111'
  expect(await world.slack.people.submit(ADA, view.id, { code: wrong })).toMatchObject({
    errors: { code: expect.stringContaining('4 tries left') },
  })
  await closeModal()
})

test('the right code makes the request hers: in her Home, in a thread, on the card', async () => {
  const { view, code } = await askFor(HOME)
  expect(await world.slack.people.submit(ADA, view.id, { code })).toMatchObject({ ok: true, next: 'updated' })
  expect(JSON.stringify(world.slack.state.modal(ADA)?.view.blocks)).toContain(`${HOME} is yours now, and 1 request`)
  await closeModal()
  await eventually(async () => {
    await world.settle()
    expect(homeWords()).toContain('My bill')
  })
  expect(wordsOf(rootOf(world, ADA, 1001))).toContain('My bill')
  expect(wordsOf(cardOf(world, 1001))).toContain('ada@acme.example')
})

test('an answer goes to her once, where she is known longest, and she replies from either address', async () => {
  await answer(world, 'U0KOFI', 1001, 'We look at the bill.')
  const told = (address: string) => ours(address).filter(({ text }) => text.includes('We look at the bill.'))
  expect([told('ada@acme.example').length, told(HOME).length]).toEqual([1, 0])
  await replyByMail(world, told('ada@acme.example')[0]!, 'From work: thank you.')
  await writeMail(world, {
    from: HOME,
    to: [told('ada@acme.example')[0]!.replyTo],
    subject: 'Re: My bill',
    text: 'From home: thank you.',
  })
  await world.settle()
  expect(await publicWords(world, 1001)).toEqual([
    'It is twice as high.',
    'We look at the bill.',
    'From work: thank you.',
    'From home: thank you.',
  ])
  expect(told(HOME)).toEqual([])
})

test('a sixth code within the hour is refused where it is asked for', async () => {
  for (let turn = 0; turn < 6; turn++) {
    const view = await openAddresses()
    const asked = await world.slack.people.submit(ADA, view.id, { address: 'ada@club.example' })
    if (!asked.ok) {
      expect(asked).toMatchObject({ errors: { address: expect.stringContaining('Too many codes') } })
      await closeModal()
      await world.settle()
      return expect(ours('ada@club.example').length).toBeLessThan(5)
    }
    await closeModal()
  }
  expect.unreachable()
})

async function openAddresses() {
  const home = world.slack.state.home(ADA)!
  expect(await world.slack.people.click(ADA, { viewId: home.id }, 'home.addresses')).toMatchObject({ ok: true })
  return (await modalOf(world, ADA, 'addresses.ask')).view
}

/** Types the address and answers with the page that follows and the code in the mail. */
async function askFor(address: string) {
  const { id } = await openAddresses()
  expect(await world.slack.people.submit(ADA, id, { address })).toMatchObject({ ok: true, next: 'updated' })
  await world.settle()
  const { view } = await modalOf(world, ADA, 'addresses.code')
  const code = /^ +(\d{3} \d{3})\s*$/m.exec(ours(address).at(-1)!.text)?.[1] ?? ''
  return { view, words: JSON.stringify(view.blocks), code }
}

async function closeModal(): Promise<void> {
  const open = world.slack.state.modal(ADA)
  if (open) await world.slack.people.close(ADA, open.view.id)
}

const ours = (address: string) => mailsTo(world, address).filter(({ from }) => from.includes(world.supportAddress))

function homeWords(): string {
  return JSON.stringify(world.slack.state.home(ADA)?.blocks)
}
