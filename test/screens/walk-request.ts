import { expect } from 'vitest'
import { answer } from '../slack/scenes.ts'
import { dmOf } from '../support/acting.ts'
import { eventually, KOFI, wordsOf } from '../support/world.ts'
import { FILE, HOUR, type Scene } from './scene.ts'
import type { Walker } from './walker.ts'

export async function lifeOfARequest({ client, world }: Scene): Promise<void> {
  const number = await client.ask('THE PRINTER')
  await client.agent(number, 'ticket.take')
  await answer(world, KOFI, number, 'WHICH ONE?', true)
  await client.write('THE LEFT ONE', number, [FILE])
  await client.mail(`Re: #${number}`, 'X')
  await answer(world, KOFI, number, 'TRY NOW')
  const ts = await client.write('NOT YET', number)
  await world.slack.people.edit(client.user, dmOf(world, client.user), ts, 'NOT YET AT ALL')
  await world.settle()
  await client.agent(number, 'ticket.pend')
  const { channel: channelId, ts: rootTs } = client.root(number)
  await client.click({ channelId, ts: rootTs }, 'consent.withdraw', JSON.stringify({ ticket: number }))
  await client.press(client.root(number), 'request.solve')
  await client.press(client.root(number), 'request.reopen')
  await world.push(13 * HOUR)
  await client.agent(number, 'ticket.solve')
  const survey = () => client.thread(number).findLast((message) => wordsOf(message).includes('survey.rate.2'))!
  await client.press(survey(), 'survey.rate.2')
  await client.press(survey(), 'survey.comment')
  await client.modal('survey.comment')
  await client.submit({ comment: 'IT TOOK LONG' })
  await client.close()
  await world.settle()
  await client.press(survey(), 'request.reopen')
  await client.agent(number, 'ticket.solve')
  await client.write('THANKS 🙏', number)
  await client.write('IT IS STILL BROKEN', number)
  await client.agent(number, 'ticket.solve')
  await world.push(28 * HOUR)
  await client.write('THANKS 🙏', number)
  await client.write('BROKEN AGAIN', number)
  await client.write('AND AGAIN', number)
}

export async function requestModals({ client, guest, colleague, world }: Scene): Promise<void> {
  const show = async (walker: Walker, number: number) => void (await walker.typeFor(String(number), 'request.modal'))
  const number = await client.ask('THE SCANNER')
  await show(client, number)
  await client.inModal('request.reply', 'request.reply')
  await client.refused({ reply: '' })
  const file = await world.slack.people.upload(client.user, FILE)
  await client.submit({ reply: 'SEE THE FILE', files: [file.id] })
  await client.close()
  await world.settle()
  await answer(world, KOFI, number, 'WHICH ONE?', true)
  await show(client, number)
  await client.inModal('consent.withdraw', 'request.modal')
  await client.inModal('request.solve', 'request.modal')
  await client.inModal('survey.rate.4', 'request.modal')
  await client.inModal('survey.comment', 'survey.comment')
  await client.submit({ comment: 'WELL DONE' })
  await client.close()
  await show(client, number)
  await client.inModal('request.reopen', 'request.modal')
  await client.close()
  await world.settle()
  await client.agent(number, 'ticket.solve')
  await world.push(28 * HOUR)
  await show(client, number)
  await client.inModal('request.follow-up', 'request.reply')
  await client.submit({ reply: 'AGAIN' })
  await client.close()
  await world.settle()
  await show(client, number)
  await client.inModal('request.show.next', 'request.modal')
  await client.close()
  const copied = await client.mail('THE DOOR', 'IT SQUEAKS', [client.address], colleague)
  await show(client, copied)
  await client.close()
  await answer(world, KOFI, copied, 'OIL IT', true)
  await show(client, copied)
  await client.close()
  await client.agent(copied, 'ticket.solve')
  await show(client, copied)
  await client.close()
  await world.push(28 * HOUR)
  await show(client, copied)
  await client.close()
  const long = await client.ask('A LONG ONE')
  await world.db.query(
    `insert into comments (ticket_id, author_kind, author_id, is_public, via, text, at)
     select $1, 'contact', (select requester_id from tickets where id = $1), true, 'slack', 'WORD ' || n, now()
     from generate_series(1, 21) n`,
    [long],
  )
  await show(client, long)
  await client.inModal('request.earlier', 'request.modal')
  await client.inModal('request.earlier', 'request.modal')
  await client.inModal('request.later', 'request.modal')
  await client.close()
  void guest
}

export async function commandsAboutARequest({ client, word }: Scene): Promise<void> {
  const number = await client.ask('THE LAMP')
  for (const text of [
    word('mine'),
    `${word('search')} LAMP`,
    `${word('reply')} ${number} IT FLICKERS`,
    `${word('rate')} ${number} 5`,
    `${word('follow-up')} ${number} MORE`,
    `${word('solve')} ${number}`,
    `${word('solve')} ${number}`,
    `${word('rate')} ${number}`,
    `${word('rate')} ${number} 5`,
    `${word('reopen')} ${number}`,
    `${word('reopen')} ${number}`,
    `${word('solve')} ${number}`,
  ])
    await client.type(text)
  await client.typeFor(`${word('reply')} ${number}`, 'request.reply')
  await client.close()
  const asked = await client.type(`${word('search')} NOTHING`)
  await client.click({ channelId: asked.channel, ts: asked.ts }, 'command.open_form')
  await client.modal('intake.page')
  await client.close()
  const near = await client.type(`${word('search').slice(0, -1)}x LAMP`)
  if (wordsOf(near).includes('command.run')) await client.click({ channelId: near.channel, ts: near.ts }, 'command.run')
  await client.world.push(28 * HOUR)
  for (const text of [
    `${word('reopen')} ${number}`,
    `${word('solve')} ${number}`,
    `${word('rate')} ${number} 1`,
    `${word('follow-up')} ${number} MORE`,
  ])
    await client.type(text)
}

export async function lateThings({ client, world }: Scene): Promise<void> {
  await world.push(40 * 24 * HOUR)
  const number = await client.ask('THE TILL')
  const file = { ...FILE, name: 'LARGE.BIN', bytes: Buffer.alloc(5_100_000) }
  await client.write('SEE', number, [file])
  await client.agent(number, 'ticket.solve')
  await world.push(4 * 24 * HOUR)
  const reminder = client.thread(number).findLast((message) => wordsOf(message).includes('survey.rate.4'))!
  await client.press(reminder, 'survey.rate.4')
}

export async function fullHome({ client, world }: Scene): Promise<void> {
  for (const subject of ['ONE', 'TWO']) {
    const number = await client.ask(subject)
    if (subject === 'ONE') await answer(world, KOFI, number, 'WHICH ONE?', true)
    else await client.agent(number, 'ticket.solve')
  }
  await world.db.query(
    `insert into tickets (status, subject, requester_id, group_key, region_key, answers, priority, locale, via,
       opened_at, last_requester_comment_at, last_activity_at)
     select 'pending', 'OLD ' || n, (select contact_id from contact_addresses where address = $1), 'emea', 'emea', '{}', 'normal', 'en', 'slack', at, at, at
     from generate_series(1, 25) n, lateral (select timestamptz '2025-01-01' + n * interval '1 hour' as at) t`,
    [client.address],
  )
  await client.openHome()
  await client.inHome('home.older')
  await client.inHome('home.newer')
  for (const scope of ['cc', 'unrated', 'mine']) await client.inHome(`home.scope.${scope}`)
  for (const status of ['open', 'pending', 'solved', 'closed', 'any']) await client.inHome('home.status', status)
  await client.search('OLD')
  await client.inHome('home.clear')
  await client.inHome('home.show-pending')
  await eventually(() => expect(client.home.callbackId).toBe('home'))
}
