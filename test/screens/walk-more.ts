import { expect } from 'vitest'
import { bring, written } from '../articles/shelf.ts'
import { answer } from '../slack/scenes.ts'
import { dmOf, lastMailTo, mailsTo, replyByMail } from '../support/acting.ts'
import { KOFI, wordsOf } from '../support/world.ts'
import { FILE, HOUR, type Scene } from './scene.ts'

export async function severalPeople({ client, colleague, word, world }: Scene): Promise<void> {
  await world.push(40 * 24 * HOUR)
  // By mail, by a colleague, edited and taken back.
  const number = await client.mail('BY MAIL', 'WORDS', [colleague])
  await answer(world, KOFI, number, 'WHICH ONE?', true)
  await replyByMail(world, await lastMailTo(world, client.address), 'THIS ONE')
  await replyByMail(world, await lastMailTo(world, colleague), 'NO, THAT ONE')
  await world.settle()
  const ts = await client.write('MY PASSWORD', number)
  await world.slack.people.delete(client.user, dmOf(world, client.user), ts)
  await world.settle()
  await client.agent(number, 'ticket.solve')
  await replyByMail(world, await lastMailTo(world, colleague), 'STILL BROKEN')
  await world.settle()
  await client.agent(number, 'ticket.solve')
  await client.agent(number, 'ticket.reopen')
  await client.type(`${word('follow-up')} ${number} MORE`)
  // Thanks that came too late to need anything.
  await client.agent(number, 'ticket.solve')
  const root = client.root(number)
  await client.write('THANKS 🙏', number)
  await client.press(root, 'request.reopen')
  await client.typeFor(String(number), 'request.modal')
  await client.close()
  // Somebody else's, and what is over.
  const old = await client.ask('OVER')
  await client.agent(old, 'ticket.solve')
  const survey = client.thread(old).findLast((message) => wordsOf(message).includes('survey.rate.2'))
  await world.push(28 * HOUR)
  if (survey) await client.press(survey, 'survey.rate.2')
  await client.typeFor(String(old), 'request.modal')
  await client.inModal('request.follow-up', 'request.reply')
  const first = (await client.modal('request.reply')).view
  await world.slack.people.submit(client.user, first.id, { reply: 'GOES ON' })
  await client.close()
  await world.settle()
  await client.typeFor(`${word('reply')} ${old}`, 'request.reply')
  const big = await world.slack.people.upload(client.user, { ...FILE, bytes: Buffer.alloc(5_100_000) })
  await client.refused({ reply: 'A LARGE ONE', files: [big.id] })
  await client.close()
  // An article that they follow changes.
  const { database } = world.product.forSamples
  const locale = word('locale')
  const news = (text: string) =>
    bring(database, {
      articles: ['ONE', 'TWO'].map((key) => written({ key: `${locale} ${key}`, locale, title: `NEWS ${key}`, text })),
    })
  await news('QUUX BEFORE')
  await world.db.query(
    `insert into article_follows (contact_id, article_id, at)
     select (select contact_id from contact_addresses where address = $1), id, now() from articles
     where title like 'NEWS %' and locale = $2`,
    [client.address, locale],
  )
  await news('QUUX AFTER')
  await world.settle()
  const told = world.slack.state
    .messages(dmOf(world, client.user), { viewer: client.user })
    .findLast((message) => wordsOf(message).includes('article.unfollow'))!
  const article = told.blocks!.find((block) => JSON.stringify(block).includes('article.unfollow'))!.block_id!
  for (const actionId of ['article.unfollow', 'article.follow']) {
    const target = { channelId: told.channel, ts: told.ts }
    expect(await world.slack.people.click(client.user, target, actionId, { blockId: article })).toMatchObject({
      ok: true,
    })
    await world.settle()
  }
  // Their words in a thread of another.
  const hello = await client.write('HELLO THERE')
  await world.slack.people.post(client.user, dmOf(world, client.user), { text: 'IN A THREAD', threadTs: hello })
  await world.settle()
  await world.db.query(`update talks set last_at = last_at - interval '1 hour'`)
  // A language of their own choice is the same words.
  await client.openHome()
  await client.inHome('home.sort')
}

export async function mailsAndPages({ client, word, world, visit }: Scene): Promise<void> {
  const locale = word('locale')
  const from = `olga.${locale}@${locale}.example`
  const words: Record<string, string> = {
    en: 'Hello, the printer has not worked since this morning. Please help us with it.',
    es: 'Hola, la impresora no funciona desde esta mañana. Por favor, ayúdennos con ella.',
    pt: 'Olá, a impressora não funciona desde hoje de manhã. Por favor, ajudem a gente com ela.',
  }
  const link = (page: string, at = -1) => {
    const all = mailsTo(world, from).flatMap(({ text }) => [...text.matchAll(new RegExp(`http\\S*/${page}/\\S+`, 'g'))])
    return all.at(at)![0].split('?')[0]!
  }
  const number = await client.mail('PRINTER', words[locale]!, [], from)
  const proofIn = (page: string) => /name="page" value="([^"]+)"/.exec(page)?.[1] ?? ''
  const describe = link('describe')
  const asked = await visit(describe)
  await visit(describe, { page: proofIn(asked) })
  await visit(describe, { page: 'MADE-UP', branch: 'technical' })
  await visit(describe, { page: proofIn(asked), branch: 'technical' })
  const join = link('addresses')
  const joining = await visit(join)
  await visit(join, { page: proofIn(joining), address: 'NOBODY' })
  await visit(join, { page: proofIn(joining), address: `other.${from}` })
  await world.settle()
  await answer(world, KOFI, number, 'WHICH ONE?')
  await answer(world, KOFI, number, 'WHICH ONE?', true)
  await client.agent(number, 'ticket.solve')
  await world.settle()
  const survey = link('survey')
  for (const query of ['', '?score=2']) await visit(survey + query)
  const fresh = async () => proofIn(await visit(survey))
  await visit(survey, { page: await fresh(), score: '', comment: '' })
  await visit(survey, { page: await fresh(), score: '2', comment: 'X'.repeat(9_000) })
  await visit(survey, { page: 'MADE-UP', score: '2', comment: '' })
  await visit(survey, { page: await fresh(), score: '2', comment: 'IT TOOK LONG' })
  await visit(`${survey}?thanks=1`)
  await visit(survey, { page: await fresh(), again: 'yes' })
  await visit(`${survey}?again=1`)
  await visit(survey)
  await world.push(13 * HOUR)
  await client.agent(number, 'ticket.solve')
  await world.push(13 * HOUR)
  const second = await client.mail('SCANNER', words[locale]!, [], from)
  await client.agent(second, 'ticket.solve')
  await world.push(28 * HOUR)
  await visit(survey)
  await visit(describe)
  await visit(link('survey'))
  await world.push(4 * 24 * HOUR)
  await visit(link('ratings'))
  await visit(link('survey'), { page: proofIn(await visit(link('survey'))), score: '5', comment: '' })
  await visit(link('ratings'))
  await visit(`${world.url}/requests/${number}`)
  for (const page of ['survey/x', 'nothing']) await visit(`${world.url}/${page}`)
}
