import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { grant } from '../../src/store/organizations.ts'
import { answer, ask, cardOf, drawnAgain, modalOf, publicWords, rootOf, statusOf, under } from '../slack/scenes.ts'
import { lastMailTo, press, writeMail } from '../support/acting.ts'
import { ADA, BRUNO, eventually, KOFI, startWorld, type World, wordsOf } from '../support/world.ts'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world?.stop())

describe('the request history of somebody new', () => {
  test('TRK-01, CLI-02, SUR-05: is where the app opens, says what to do, has the satisfaction survey, and keeps its name in the reader’s language (X21, TRK-04)', async () => {
    expect(await openHome(ADA)).toContain('Request history')
    expect(home(ADA)).toContain('You have no requests yet')
    expect(await openHome(BRUNO)).toContain('Painel de suporte')
    expect(home(BRUNO)).toContain('Pesquisa de Satisfação')
  })
})

describe('the request history of Ada', () => {
  let printer: number
  let scanner: number
  let coffee: number

  beforeAll(async () => {
    printer = await ask(world, ADA, 'The printer eats invoices')
    await world.push(60_000)
    scanner = await ask(world, ADA, 'El escáner no enciende')
    await world.push(60_000)
    coffee = await ask(world, ADA, 'Coffee machine')
  })

  test('STA-01, STA-02: new requests show up by themselves as Open, latest activity first (CLI-01, CLI-04)', async () => {
    await openHome(ADA)
    expect(rows(ADA)).toEqual([coffee, scanner, printer])
    expect(home(ADA)).toContain('📬 Open')
    await answer(world, KOFI, printer, 'Please pull the plug.')
    await eventually(() => expect(rows(ADA)).toEqual([printer, coffee, scanner]))
  })

  test('CLI-04: pressing Last activity turns the order round, and what happens in the background keeps it', async () => {
    await choose(ADA, 'home.sort')
    expect(rows(ADA)).toEqual([scanner, coffee, printer])
    await answer(world, KOFI, scanner, 'Press the green button.')
    await eventually(() => expect(rows(ADA)).toEqual([coffee, printer, scanner]))
    await choose(ADA, 'home.sort')
    expect(rows(ADA)).toEqual([scanner, printer, coffee])
  })

  test('STA-03: what waits for me stands on top in my words, and goes when I have answered', async () => {
    await answer(world, KOFI, coffee, 'Which beans?', true)
    await eventually(() => expect(blockIds(ADA)).toContain(`home.answer.${coffee}`))
    expect(home(ADA)).toContain('⏳ Awaiting your reply')
  })

  test('TRK-03, CLI-05, X7: the list is filtered by any of the four statuses', async () => {
    const options = JSON.parse(home(ADA)).flatMap((block: { elements?: { options?: { value: string }[] }[] }) =>
      (block.elements ?? []).flatMap((element) => (element.options ?? []).map(({ value }) => value)),
    )
    expect(options).toEqual(['any', 'active', 'open', 'pending', 'solved', 'closed'])
    await choose(ADA, 'home.status', 'pending')
    expect(rows(ADA)).toEqual([coffee])
    await choose(ADA, 'home.status', 'closed')
    expect(rows(ADA)).toEqual([])
    expect(home(ADA)).toContain('There is no request with the status “Closed” here.')
    await choose(ADA, 'home.status', 'any')
    expect(rows(ADA)).toHaveLength(3)
  })

  test('TRK-02: the search finds a number, and words of the conversation whatever their case and accents', async () => {
    await search(ADA, `#${printer}`)
    expect(rows(ADA)).toEqual([printer])
    await search(ADA, 'ESCANER')
    expect(rows(ADA)).toEqual([scanner])
    expect(home(ADA)).toContain('Found for “ESCANER”')
    await search(ADA, 'green but')
    expect(rows(ADA)).toEqual([scanner])
    await search(ADA, 'eats plug')
    expect(rows(ADA)).toEqual([printer])
    await search(ADA, 'dragons & <!here>')
    expect(rows(ADA)).toEqual([])
    expect(home(ADA)).toContain('Nothing here has “dragons &amp; &lt;!here&gt;” in it.')
    await choose(ADA, 'home.clear')
    expect(rows(ADA)).toHaveLength(3)
  })

  test('what agents wrote to each other is found by nobody outside', async () => {
    const card = cardOf(world, printer)
    await world.slack.people.post(KOFI, card.channel, { text: 'she is a saboteur', threadTs: card.ts })
    await eventually(async () => {
      const { rows: found } = await world.db.query(`select from comments where text like '%saboteur%'`)
      expect(found).toHaveLength(1)
    })
    await search(ADA, 'saboteur')
    expect(rows(ADA)).toEqual([])
    await choose(ADA, 'home.clear')
  })

  test('nobody else’s list, search or buttons show any of it', async () => {
    await openHome(BRUNO)
    expect(rows(BRUNO)).toEqual([])
    await search(BRUNO, String(printer))
    expect(rows(BRUNO)).toEqual([])
    await choose(BRUNO, 'home.clear')
  })

  test('CLI-03, STA-04, X11: a request opens with its whole conversation, and is solved from there', async () => {
    const words = await show(ADA, printer)
    expect(words).toContain('The printer eats invoices')
    expect(words).toContain('About: The printer eats invoices')
    expect(words).toContain('Please pull the plug.')
    expect(words).toMatch(/\*Kofi Mensah\* in Slack/)
    expect(words).not.toContain('saboteur')
    expect(words).toContain('Acme Berlin')
    // What was asked is read before what they once chose in the form.
    expect(words.indexOf('Please pull the plug.')).toBeLessThan(words.indexOf('What you told us'))
    expect(words).toContain('What you told us')
    await pressIn(ADA, 'request.solve')
    await eventually(() => expect(modalWords(ADA)).toContain('✅ Solved'))
    expect(modalWords(ADA)).toMatch(/It closes <!date/)
    expect(await statusOf(world, printer)).toBe('solved')
  })

  test('SUR-04: it is rated where it is shown, and what is not rated stands on top and in a list of its own', async () => {
    await world.settle()
    await eventually(() => expect(blockIds(ADA)).toContain(`home.rate.${printer}`))
    await closeModal(ADA)
    await choose(ADA, 'home.scope.unrated')
    expect(rows(ADA)).toEqual([printer])
    await choose(ADA, 'survey.rate.4', undefined, `home.vote.${printer}`)
    // What was done is said at once, with a way to change it or to say why: the row is gone from the Home.
    await eventually(() => expect(modalWords(ADA)).toContain('You rated this ★★★★☆ (4 of 5)'))
    expect(modalWords(ADA)).toContain('survey.comment')
    await closeModal(ADA)
    await world.settle()
    await eventually(() => expect(rows(ADA)).toEqual([]))
    expect(home(ADA)).toContain('Nothing waits for your rating.')
    const { rows: rated } = await world.db.query('select rating_score from tickets where id = $1', [printer])
    expect(rated).toEqual([{ rating_score: 4 }])
    await choose(ADA, 'home.scope.mine')
  })

  test('STA-11, X8: a solved request counts among the active ones until it is closed', async () => {
    await choose(ADA, 'home.status', 'active')
    expect(rows(ADA)).toHaveLength(3)
    await choose(ADA, 'home.status', 'any')
  })

  test('STA-05, STA-08: until the stated minute it is reopened from the history', async () => {
    const words = await show(ADA, printer)
    const { rows: until } = await world.db.query('select reopen_until from tickets where id = $1', [printer])
    expect(words).toContain(`<!date^${Math.floor(until[0].reopen_until.getTime() / 1000)}^`)
    await pressIn(ADA, 'request.reopen')
    await eventually(() => expect(modalWords(ADA)).toContain('📬 Open'))
    expect(await statusOf(world, printer)).toBe('open')
    await closeModal(ADA)
  })

  test('CLI-10, CLI-11: a reply with a file is sent from the request, and the request shows it', async () => {
    await show(ADA, coffee)
    await pressIn(ADA, 'request.reply')
    const { view } = await modalOf(world, ADA, 'request.reply')
    const file = await world.slack.people.upload(ADA, {
      name: 'beans.png',
      mimetype: 'image/png',
      bytes: Buffer.from('a picture of beans'),
    })
    expect(
      await world.slack.people.submit(ADA, view.id, { reply: 'Arabica, see the picture.', files: [file.id] }),
    ).toEqual({ ok: true, next: 'closed' })
    await modalOf(world, ADA, 'request.modal')
    await eventually(() => expect(modalWords(ADA)).toContain('Arabica, see the picture.'))
    expect(modalWords(ADA)).toContain('beans.png')
    // Her thread tells it too, once: the answer will stand below it.
    await world.settle()
    const said = under(world, rootOf(world, ADA, coffee), ADA).map(wordsOf)
    expect(said.filter((words) => words.includes('Arabica, see the picture.'))).toHaveLength(1)
    expect(await statusOf(world, coffee)).toBe('open')
    await eventually(async () => {
      await world.settle()
      const { rows: files } = await world.db.query(`select sha256 from attachments where name = 'beans.png'`)
      expect(files[0].sha256).not.toBeNull()
    })
    await closeModal(ADA)
    await show(ADA, coffee)
    expect(modalWords(ADA)).toContain(`${world.url}/files/`)
    await closeModal(ADA)
  })

  test('an empty reply is not sent, and says so where it was written', async () => {
    await show(ADA, coffee)
    await pressIn(ADA, 'request.reply')
    const { view } = await modalOf(world, ADA, 'request.reply')
    expect(await world.slack.people.submit(ADA, view.id, {})).toMatchObject({ ok: false })
    expect(JSON.stringify(world.slack.state.modal(ADA))).toContain('There was no text and no file.')
    await world.slack.people.close(ADA, view.id, 'all')
  })
})

describe('a closed request', () => {
  let number: number
  beforeAll(async () => {
    number = await ask(world, ADA, 'The lamp flickers')
    await press(world, KOFI, cardOf(world, number), 'ticket.solve')
    await eventually(async () => expect(await statusOf(world, number)).toBe('solved'))
    await world.push(28 * 3_600_000)
    expect(await statusOf(world, number)).toBe('closed')
  })

  test('STA-09, STA-10, STA-12: closed by itself, cannot be reopened, says when it closed, and is active no more', async () => {
    await openHome(ADA)
    await choose(ADA, 'home.status', 'active')
    expect(rows(ADA)).not.toContain(number)
    await choose(ADA, 'home.status', 'any')
    const words = await show(ADA, number)
    expect(words).toContain('🔒 Closed')
    expect(words).toContain('cannot be reopened')
    expect(words).not.toContain('request.reopen')
    expect(words).toContain('request.follow-up')
  })

  test('FUP-01, FUP-02, FUP-03: creates a follow-up that is linked both ways and carries over what was told', async () => {
    await pressIn(ADA, 'request.follow-up')
    const { view } = await modalOf(world, ADA, 'request.reply')
    expect(JSON.stringify(view.blocks)).toContain(`linked to #${number}`)
    expect(await world.slack.people.submit(ADA, view.id, { reply: 'It flickers again.' })).toMatchObject({ ok: true })
    await world.settle()
    const { rows: found } = await world.db.query(
      `select f.id::int, f.subject, f.account_key, f.answers = t.answers as carried, t.follow_up_id = f.id as linked
       from tickets f join tickets t on t.id = f.follow_up_of where t.id = $1`,
      [number],
    )
    expect(found).toMatchObject([
      { subject: 'The lamp flickers', account_key: 'acme-berlin', carried: true, linked: true },
    ])
    expect(await publicWords(world, found[0].id)).toEqual(['It flickers again.'])
    await closeModal(ADA)
    const words = await show(ADA, number)
    expect(words).toContain(`It goes on as request #${found[0].id}.`)
    expect(words).not.toContain('request.follow-up') // it exists: one goes there
    await pressIn(ADA, 'request.show.next')
    await eventually(() => expect(modalWords(ADA)).toContain('It flickers again.'))
    await closeModal(ADA)
  })
})

describe('CLI-06: requests I’m CC’d on', () => {
  let number: number
  beforeAll(async () => {
    await writeMail(world, {
      from: 'ada@acme.example',
      cc: ['bruno@acme.example'],
      subject: 'The door squeaks',
      text: 'Since Monday.',
    })
    await world.settle()
    const { rows: found } = await world.db.query(`select id::int from tickets where subject = 'The door squeaks'`)
    number = found[0].id
  })

  test('are a list of their own, with whose they are', async () => {
    await openHome(BRUNO)
    expect(rows(BRUNO)).toEqual([])
    await choose(BRUNO, 'home.scope.cc')
    expect(rows(BRUNO)).toEqual([number])
    expect(home(BRUNO)).toContain('Ada Lovelace')
    await search(BRUNO, 'segunda')
    expect(rows(BRUNO)).toEqual([])
    await search(BRUNO, 'MONDAY')
    expect(rows(BRUNO)).toEqual([number])
    await choose(BRUNO, 'home.clear')
  })

  test('can be replied to, and not solved or rated', async () => {
    const words = await show(BRUNO, number)
    expect(words).toContain('por e-mail')
    expect(words).toContain('request.reply')
    expect(words).not.toContain('request.solve')
    await pressIn(BRUNO, 'request.reply')
    const { view } = await modalOf(world, BRUNO, 'request.reply')
    await world.slack.people.submit(BRUNO, view.id, { reply: 'Mine squeaks too.' })
    await world.settle()
    expect(await publicWords(world, number)).toEqual(['Since Monday.', 'Mine squeaks too.'])
    expect((await lastMailTo(world, 'ada@acme.example')).text).not.toContain('Mine squeaks too.')
    await closeModal(BRUNO)
  })
})

describe('whom an agent copies later', () => {
  test('reads and finds what is said from then on, and not what was said before', async () => {
    const number = await ask(world, ADA, 'The gate is stuck')
    await answer(world, KOFI, number, 'The code is kingfisher.')
    const { database, deskAt } = world.product.forSamples
    const { rows: ids } = await database.query<{ agent: number; bruno: number }>(
      `select (select min(id) from agents) as agent, (select contact_id from contact_slack_users where user_id = '${BRUNO}') as bruno`,
    )
    const { agent, bruno } = ids[0]!
    const actor = { kind: 'agent', id: agent } as const
    const add = { type: 'add-cc' as const, ticketId: number, contactIds: [bruno] }
    await deskAt(world.clock).handle({ ...add, actor, via: 'slack', source: 'test/add' })
    await answer(world, KOFI, number, 'Bruno brings a ladder.')

    await openHome(BRUNO)
    await choose(BRUNO, 'home.scope.cc')
    const found = async (words: string) => {
      await search(BRUNO, words)
      return rows(BRUNO).includes(number)
    }
    expect([await found('gate'), await found('ladder'), await found('kingfisher')]).toEqual([true, true, false])
    await choose(BRUNO, 'home.clear')
    const words = await show(BRUNO, number)
    expect(words).toContain('Bruno brings a ladder.')
    expect(words).toContain('O que foi dito antes de você entrar não aparece aqui.')
    expect(words).not.toContain('kingfisher')
    expect(words).not.toContain('critical')
    await closeModal(BRUNO)
    await choose(BRUNO, 'home.scope.mine')
  })
})

describe('CLI-07: organization requests', () => {
  let number: number
  const managed = (access: 'all' | 'none') =>
    world.product.forSamples.database.transaction(async (tx) => {
      const { rows: agent } = await tx.query<{ id: number }>('select min(id) as id from agents')
      const { rows: known } = await tx.query<{ id: number }>('select id from organizations')
      const by = { agentId: agent[0]!.id, ticketId: null, source: `test/grant/${access}`, at: world.clock.now() }
      await grant(tx, known[0]?.id ?? null, { name: 'Acme', domains: ['acme.example'], access, members: [] }, by)
    })

  test('are offered to nobody before support grants it', async () => {
    number = await ask(world, ADA, 'The window is stuck')
    await openHome(BRUNO)
    expect(home(BRUNO)).not.toContain('home.scope.organization')
    await search(BRUNO, String(number))
    expect(rows(BRUNO)).toEqual([])
    await choose(BRUNO, 'home.clear')
  })

  test('are a list of their own after it, where one reads, replies, solves and reopens, and does not rate', async () => {
    await managed('all')
    await openHome(BRUNO)
    await choose(BRUNO, 'home.scope.organization')
    expect(rows(BRUNO)[0]).toBe(number)
    await search(BRUNO, 'stuck window')
    expect(rows(BRUNO)).toEqual([number])
    expect(await show(BRUNO, number)).toContain('request.solve')
    await pressIn(BRUNO, 'request.solve')
    await eventually(() => expect(modalWords(BRUNO)).toContain('request.reopen'))
    expect(modalWords(BRUNO)).not.toContain('survey.rate')
    await pressIn(BRUNO, 'request.reopen')
    await eventually(async () => expect(await statusOf(world, number)).toBe('open'))
    // Who has written in it is copied from then on, and manages it all the same.
    await pressIn(BRUNO, 'request.reply')
    const { view } = await modalOf(world, BRUNO, 'request.reply')
    await world.slack.people.submit(BRUNO, view.id, { reply: 'I am at the window.' })
    await world.settle()
    await closeModal(BRUNO)
    const words = await show(BRUNO, number)
    expect(words).toContain('request.solve')
    expect(words).toContain('About: The window is stuck')
    await closeModal(BRUNO)
  })

  test('are gone as soon as it is revoked, from a list that is open as well', async () => {
    await managed('none')
    await choose(BRUNO, 'home.sort')
    expect(rows(BRUNO)).toEqual([])
    await openHome(BRUNO)
    expect(home(BRUNO)).not.toContain('home.scope.organization')
    expect(home(BRUNO)).not.toContain('The window is stuck')
    await choose(BRUNO, 'home.scope.mine')
    await choose(BRUNO, 'home.clear')
    await choose(BRUNO, 'home.sort')
  })
})

describe('pages', () => {
  test('stay where they are while things change, and lead there and back', async () => {
    const { rows: contact } = await world.db.query(
      `select contact_id::int as id from contact_addresses where address = 'bruno@acme.example'`,
    )
    await world.db.query(
      `insert into tickets (status, subject, requester_id, group_key, region_key, answers, priority, locale, via,
         opened_at, last_requester_comment_at, last_activity_at)
       select 'open', 'Old ' || n, $1, 'emea', 'emea', '{}', 'normal', 'pt', 'slack', at, at, at
       from generate_series(1, 45) n, lateral (select timestamptz '2025-01-01' + n * interval '1 hour' as at) t`,
      [contact[0].id],
    )
    await world.db.query(
      `insert into comments (ticket_id, author_kind, author_id, is_public, via, text, at)
       select id, 'contact', requester_id, true, 'slack', 'Good morning', opened_at from tickets where subject like 'Old %'`,
    )
    await openHome(BRUNO)
    await choose(BRUNO, 'home.scope.mine')
    const first = subjects(BRUNO)
    expect(first).toHaveLength(20)
    expect(first[0]).toBe('Old 45')
    await choose(BRUNO, 'home.older')
    expect(subjects(BRUNO)[0]).toBe('Old 25')
    const recent = await ask(world, BRUNO, 'Something new')
    await eventually(() => expect(subjects(BRUNO)[0]).toBe('Old 25'))
    await choose(BRUNO, 'home.older')
    expect(subjects(BRUNO)).toEqual(['Old 5', 'Old 4', 'Old 3', 'Old 2', 'Old 1'])
    expect(home(BRUNO)).not.toContain('home.older')
    await choose(BRUNO, 'home.newer')
    expect(subjects(BRUNO)[0]).toBe('Old 25')
    await choose(BRUNO, 'home.newer')
    expect(subjects(BRUNO)[0]).toBe('Old 45')
    await choose(BRUNO, 'home.newer')
    expect(rows(BRUNO)[0]).toBe(recent)
    expect(home(BRUNO)).not.toContain('home.newer')
  })

  test('begin afresh for who comes back after an hour', async () => {
    await search(BRUNO, 'Old 7')
    expect(subjects(BRUNO)).toEqual(['Old 7'])
    await openHome(BRUNO)
    expect(subjects(BRUNO)).toEqual(['Old 7'])
    await world.push(61 * 60_000)
    await openHome(BRUNO)
    expect(subjects(BRUNO)).toHaveLength(20)
  })

  test('of a long conversation show the newest, and the earlier ones when asked', async () => {
    const { rows: found } = await world.db.query(`select id::int from tickets where subject = 'Old 9'`)
    await world.db.query(
      `insert into comments (ticket_id, author_kind, author_id, is_public, via, text, at)
       select $1, 'contact', (select requester_id from tickets where id = $1), true, 'slack', 'Word ' || n || repeat(' long', 2000), now()
       from generate_series(1, 25) n`,
      [found[0].id],
    )
    await search(BRUNO, String(found[0].id))
    const words = await show(BRUNO, found[0].id)
    expect(words).toContain('Word 25 ')
    expect(words).not.toContain('Word 15 ')
    await pressIn(BRUNO, 'request.earlier')
    await eventually(() => expect(modalWords(BRUNO)).toContain('Word 15 '))
    expect(modalWords(BRUNO)).not.toContain('Word 25 ')
    await pressIn(BRUNO, 'request.earlier')
    await eventually(() => expect(modalWords(BRUNO)).toContain('Word 1 '))
    await pressIn(BRUNO, 'request.later')
    await eventually(() => expect(modalWords(BRUNO)).toContain('Word 15 '))
    await closeModal(BRUNO)
  })
})

/** Opens the App Home and answers with all of it. */
async function openHome(user: string): Promise<string> {
  await drawnAgain(world, user, () => world.slack.people.openHome(user))
  return home(user)
}

function home(user: string): string {
  return JSON.stringify(world.slack.state.home(user)?.blocks)
}

function blockIds(user: string): string[] {
  return (world.slack.state.home(user)?.blocks ?? []).map(({ block_id }) => String(block_id))
}

/** The numbers in the list, from top to bottom. */
function rows(user: string): number[] {
  return blockIds(user).flatMap((id) => (/^home\.request\.(\d+)$/.exec(id) ? [Number(id.split('.').at(-1))] : []))
}

function subjects(user: string): string[] {
  return (world.slack.state.home(user)?.blocks ?? []).flatMap((block) =>
    /^home\.request\./.test(String(block.block_id))
      ? [/^\*#\d+\* (.*)/.exec((block.text as { text: string }).text)![1]!]
      : [],
  )
}

async function choose(user: string, actionId: string, value?: string, blockId?: string): Promise<void> {
  const target = { viewId: world.slack.state.home(user)!.id }
  const options = { ...(value === undefined ? {} : { value }), ...(blockId ? { blockId } : {}) }
  const click = () => world.slack.people.click(user, target, actionId, options)
  if (actionId.startsWith('home.')) await drawnAgain(world, user, click)
  else expect(await click()).toMatchObject({ ok: true })
}

/** Types into the search of the App Home and presses Enter. */
async function search(user: string, typed: string): Promise<void> {
  const view = world.slack.state.home(user)!
  const block = blockIds(user).find((id) => id.startsWith('home.search.'))!
  await drawnAgain(world, user, () => world.slack.people.fill(user, view.id, block, typed))
}

/** Opens a request from the App Home and answers with all of the modal. */
async function show(user: string, number: number): Promise<string> {
  await choose(user, 'request.show', undefined, `home.request.${number}`)
  await modalOf(world, user, 'request.modal')
  return modalWords(user)
}

function modalWords(user: string): string {
  return JSON.stringify(world.slack.state.modal(user)?.view.blocks)
}

async function pressIn(user: string, actionId: string): Promise<void> {
  const viewId = world.slack.state.modal(user)!.view.id
  expect(await world.slack.people.click(user, { viewId }, actionId)).toMatchObject({ ok: true })
  await world.slack.settled()
}

async function closeModal(user: string): Promise<void> {
  const open = world.slack.state.modal(user)
  if (open) await world.slack.people.close(user, open.view.id, 'all')
}
