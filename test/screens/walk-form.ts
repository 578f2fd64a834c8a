import { expect } from 'vitest'
import { dmOf } from '../support/acting.ts'
import { eventually, GENERAL, KOFI, wordsOf } from '../support/world.ts'
import { FILE, type Scene } from './scene.ts'

export async function articles({ client, world }: Scene): Promise<void> {
  await client.openHome()
  await client.fromHome('home.articles', 'articles.search')
  await client.refused({ words: ' ' })
  await client.submit({ words: 'ZEBRA' })
  await client.submit({ words: 'CHECKOUT HANGS' })
  const found = (await client.modal('articles.search')).view
  const first = found.blocks.find(({ block_id }) => block_id?.endsWith('.press'))!.block_id!
  await client.inModal('article.read', 'articles.article', { blockId: first })
  await client.inModal('article.follow', 'articles.article')
  await client.inModal('article.unfollow', 'articles.article')
  await client.inModal('article.follow', 'articles.article')
  await client.inModal('article.back', 'articles.search')
  await client.close()
  await world.settle()
  await client.openHome()
  const followed = client.home.blocks.find(({ block_id }) => block_id?.startsWith('home.article.'))!.block_id!
  await client.fromHome('article.read', 'articles.article', followed)
  await client.close()
}

export async function questionnaire({ client }: Scene): Promise<void> {
  await client.typeFor('', 'intake.page')
  await client.refused({ name: '   ', account: 'acme-berlin' })
  await client.submit({ name: 'ADA', account: 'acme-berlin' })
  await client.submit({ branch: 'commercial' })
  for (const which of ['1', '2', '3', '4', '5']) {
    await client.submit({ commercial: which })
    await client.inModal('intake.back', 'intake.page')
  }
  await client.inModal('intake.back', 'intake.page')
  await client.submit({ branch: 'financial' })
  await client.submit({ financial: '05' })
  const file = await client.world.slack.people.upload(client.user, FILE)
  await client.submit({ description: '  ', file: [file.id] })
  await client.close()
  await client.typeFor('', 'intake.page')
  await client.inModal('intake.start_over', 'intake.page')
  await client.submit({ account: 'acme-berlin' })
  await client.submit({ branch: 'financial' })
  await client.submit({ financial: '05' })
  await client.submit({ description: 'ABOUT IT', file: [file.id] })
  await client.sent()
}

export async function suggestions({ client }: Scene): Promise<void> {
  await client.typeFor('CHECKOUT HANGS', 'intake.page')
  await client.submit({ account: 'acme-berlin' })
  await client.submit({ branch: 'technical' })
  await client.submit({ problem_type: '1', subject: 'CHECKOUT HANGS' })
  const view = (await client.modal('articles.page')).view
  const first = view.blocks.find(({ block_id }) => block_id?.endsWith('.press'))!.block_id!
  await client.inModal('article.read', 'articles.page', { blockId: first })
  await client.inModal('article.back', 'articles.page')
  await client.inModal('article.solved', 'articles.settled', { blockId: first })
  await client.inModal('article.anyway', 'intake.page')
  await client.close()
  await client.typeFor('', 'intake.page')
  await client.inModal('intake.start_over', 'intake.page')
  await client.close()
}

export async function looseWords({ client, world }: Scene): Promise<void> {
  await world.db.query('delete from drafts where ticket_id is null')
  const question = () =>
    world.slack.state
      .messages(dmOf(world, client.user), { viewer: client.user })
      .findLast((message) => wordsOf(message).includes('way-in.open'))!
  const older = async () => void (await world.db.query(`update talks set last_at = last_at - interval '1 hour'`))
  await client.write('THE LIFT IS STUCK', undefined, [FILE])
  await client.press(question(), 'way-in.open')
  await client.modal('intake.page')
  await client.close()
  await older()
  await client.write('IT IS THE LEFT ONE')
  await client.press(question(), 'way-in.drop')
  await older()
  const number = await client.ask('THE LIFT')
  await client.write('BOTH ARE STUCK')
  const asked = question()
  const talk = /talk[^0-9a-f]+([0-9a-f-]{36})/.exec(JSON.stringify(asked.blocks))![1]
  await client.click({ channelId: asked.channel, ts: asked.ts }, 'way-in.add', JSON.stringify({ talk, ticket: number }))
  await older()
  await world.slack.people.post(client.user, GENERAL, { text: 'HELP', mentions: ['U0DESKHAND'] })
  await world.settle()
  const link = `${world.url}/requests/${number}`
  await world.slack.people.post(client.user, dmOf(world, client.user), { text: link })
  await world.slack.people.post(client.user, GENERAL, { text: link })
  await world.settle()
  const posted = (await world.slack.people.post(client.user, GENERAL, { text: 'LOOK', files: [FILE] })) as {
    ts: string
  }
  await world.slack.people.post(client.user, GENERAL, { text: 'HERE', threadTs: posted.ts })
  await world.slack.people.messageShortcut(client.user, 'ticket_from_message', { channelId: GENERAL, ts: posted.ts })
  await client.modal('intake.page')
  await client.close()
  const { channelId } = (await world.slack.people.openDm(client.user, KOFI)) as { channelId: string }
  const { ts } = (await world.slack.people.post(KOFI, channelId, { text: 'THE WINDOW' })) as { ts: string }
  await world.slack.people.messageShortcut(client.user, 'ticket_from_message', { channelId, ts })
  await client.modal('intake.page')
  await client.close()
  await world.settle()
}

/** "One moment" and "something went wrong" are in the reader's language too, though nobody can be asked for it then. */
export async function badTimes({ client, guest, world }: Scene): Promise<void> {
  await guest.openHome()
  const lock = await world.db.connect()
  try {
    await lock.query('begin')
    await lock.query('lock table drafts, home_views in access exclusive mode')
    await world.slack.people.slash(client.user, GENERAL, '/ticket')
    await world.slack.people.openHome(client.user)
    await client.modal('intake.loading')
    await eventually(() => expect(client.home.callbackId).toBe('home.loading'))
  } finally {
    await lock.query('rollback')
    lock.release()
  }
  await client.modal('intake.page')
  await client.close()
  await world.db.query('alter table drafts rename to drafts_away')
  try {
    await world.slack.people.slash(client.user, GENERAL, '/ticket')
    await client.modal('intake.problem')
  } finally {
    await world.db.query('alter table drafts_away rename to drafts')
  }
  await client.close()
}
