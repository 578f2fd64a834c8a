import { setTimeout as pause } from 'node:timers/promises'
import { type Bench, type Mailbox, SUPPORT } from './bench.ts'
import type { Figure } from './figure.ts'
import { type Running, startRunning, until } from './running-product.ts'

/** Killed again and again while mail flows in, half of it answers to what it sent. */
export const killed: Figure = {
  id: 'G1',
  what: 'kill -9 at random points while mail flows in',
  wanted: '200 kills, 2,000 mails: 0 lost, 0 twice, <= 10 sent twice under one Message-ID',
  async measure(bench) {
    const kills = bench.quick ? 20 : 200
    const mailbox = await bench.mailbox()
    const product = await startRunning(bench, mailbox)
    await product.start().ready
    const flow = startFlow(bench, mailbox, product, bench.quick ? 100 : 1000)
    for (let life = 0; life < kills; life++) {
      await pause(bench.chance.between(200, 3000))
      await product.child().kill('SIGKILL')
      product.start()
    }
    flow.hurry()
    const { questions, answers } = await flow.done
    const written = questions.length + answers.length
    const { database } = product
    await until(async () => {
      const { rows } = await database.query(`select
        (select count(*)::int from inbound_mails where outcome is not null) as ended,
        (select count(*)::int from outbox where state in ('waiting', 'trying')) as undone`)
      return rows[0]?.ended === written && rows[0]?.undone === 0
    }, 180)
    bench.say(await stateOf(product))
    const tickets = await column(database, `select subject from tickets where subject like 'Question %'`)
    const comments = await column(database, `select text from comments where text like 'Answer %'`)
    const lost =
      questions.filter((one) => !tickets.includes(one)).length + answers.filter((one) => !comments.includes(one)).length
    const twice = tickets.length + comments.length - new Set(tickets).size - new Set(comments).size
    const sentTwice = sentAgain(product)
    return {
      got: `${kills} kills, ${written} mails: ${lost} lost, ${twice} twice, ${sentTwice.same} sent twice, ${sentTwice.other} under another Message-ID`,
      pass: lost === 0 && twice === 0 && sentTwice.same <= 10 && sentTwice.other === 0,
    }
  },
}

/** Everybody writes from a domain of their own: of one whose mail proves nothing only a hundred people are acknowledged a day. */
const addressOf = (client: number) => `ada@client${client}.test`

const mailOf = (client: number, to: string, subject: string, text: string) =>
  Buffer.from(
    `From: Client ${client} <${addressOf(client)}>\r\nTo: ${to}\r\nSubject: ${subject}\r\nMessage-ID: <${subject.replace(/\W+/g, '-')}@client${client}.test>\r\n\r\n${text}\r\n`,
  )

interface Flow {
  /** No more waiting between mails. */
  hurry(): void
  done: Promise<{ questions: string[]; answers: string[] }>
}

/** New mails come all the time; each is answered once, as soon as its acknowledgement is there. */
function startFlow(bench: Bench, mailbox: Mailbox, product: Running, clients: number): Flow {
  const questions: string[] = []
  const answers: string[] = []
  let isHurried = false
  const answerWhatCame = () => {
    for (let client = 0; client < questions.length; client++) {
      const text = `Answer ${client}`
      if (answers.includes(text)) continue
      const came = product.sent.mailboxOf(addressOf(client))[0]?.raw.toString('utf8')
      const replyTo =
        came && /^Reply-To:.*?<?([^<>\s]+\+[^<>\s]+@[^<>\s]+)>?\r$/im.exec(came.replace(/\r\n[ \t]+/g, ' '))?.[1]
      if (!replyTo) continue
      answers.push(text)
      mailbox.put([mailOf(client, replyTo, `Re: Question ${client}`, text)])
    }
  }
  const run = async () => {
    while (questions.length < clients) {
      const client = questions.length
      questions.push(`Question ${client}`)
      mailbox.put([mailOf(client, SUPPORT, `Question ${client}`, 'Please help.')])
      answerWhatCame()
      if (!isHurried) await pause(bench.chance.between(50, 500))
    }
    await until(async () => {
      answerWhatCame()
      return answers.length === clients
    }, 180)
    return { questions, answers }
  }
  return {
    hurry: () => {
      isHurried = true
    },
    done: run(),
  }
}

/** How many mails somebody got again, under the same Message-ID and under another one. */
function sentAgain({ sent }: Running): { same: number; other: number } {
  let same = 0
  let other = 0
  for (let client = 0; client < 1000; client++) {
    const mails = sent.mailboxOf(addressOf(client)).map(({ raw }) => raw.toString('utf8'))
    const ids = mails.map((mail) => /^message-id:\s*(\S+)/im.exec(mail)?.[1])
    same += ids.length - new Set(ids).size
    // A client writes one question and one answer to it: only the question is acknowledged.
    other += Math.max(0, new Set(ids).size - 1)
  }
  return { same, other }
}

/** What is left to do, and what the product said last: for when it did not come to its end. */
async function stateOf({ database, child }: Running): Promise<string> {
  const { rows } = await database.query(`select
    (select json_object_agg(coalesce(outcome, 'waiting'), n) from (select outcome, count(*) n from inbound_mails group by 1) i) as mails,
    (select json_object_agg(state, n) from (select state, count(*) n from outbox group by 1) o) as outbox`)
  return `${JSON.stringify(rows[0])} ${child().output().slice(-600)}`
}

async function column(database: Running['database'], sql: string): Promise<string[]> {
  const { rows } = await database.query(sql)
  return rows.map((row) => String(Object.values(row)[0]).trim())
}
