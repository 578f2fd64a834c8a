import { parentPort } from 'node:worker_threads'
import { type Author, proveSender } from './prove-sender.ts'

/** To the thread: a mail to look at, or the answer to a question of its own. */
export type ToThread =
  | { kind: 'prove'; id: number; author: Author; raw: Uint8Array; authservId: string | null; now: Date }
  | { kind: 'answer'; question: number; records?: string[][] | string[]; code?: string }

/** From the thread: what became of a mail, or a DNS question. The thread itself never touches the network. */
export type FromThread =
  | { kind: 'proof'; id: number; found: Awaited<ReturnType<typeof proveSender>> }
  | { kind: 'question'; question: number; name: string; type: string }

type Answer = Extract<ToThread, { kind: 'answer' }>

const port = parentPort!
const asked = new Map<number, (answer: Answer) => void>()
let questions = 0

async function resolver(name: string, type: string): Promise<string[][] | string[]> {
  const question = ++questions
  const answer = await new Promise<Answer>((answered) => {
    asked.set(question, answered)
    port.postMessage({ kind: 'question', question, name, type } satisfies FromThread)
  })
  asked.delete(question)
  if (answer.records) return answer.records
  throw Object.assign(new Error(answer.code), { code: answer.code })
}

port.on('message', async (message: ToThread) => {
  if (message.kind === 'answer') return asked.get(message.question)?.(message)
  const { id, author, raw, authservId, now } = message
  const bytes = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength)
  const found = await proveSender(author, bytes, { authservId, resolver, now })
  port.postMessage({ kind: 'proof', id, found } satisfies FromThread)
})
