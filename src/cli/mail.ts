import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { MailReader } from '../mail/reader.ts'
import { mailOutcomes } from '../store/inbox.ts'
import { ledgerRows, mailStory } from '../store/mail-story.ts'
import { loadTemplates } from '../templates.ts'
import { CommandProblem, openProductDatabase, settings } from './database.ts'
import { explainMail, oneLine, time } from './mail-explain.ts'
import { replayMail } from './mail-replay.ts'

const usage = `npm run -s mail -- COMMAND

  list [--outcome OUTCOME] [--limit N]   the newest mails, newest first (20, unless said)
  explain ID                             what mail ID is, why, and what it led to
  replay ID                              what it would be with today's rules; changes nothing
  replay ID --do                         has it looked at again, once, by the running Deskhand

OUTCOME is ${mailOutcomes.join(', ')}, or waiting.
The database is the one of DATABASE_URL, or the embedded one in DATA_DIR while Deskhand runs.
To see how a mail in a file is read:  npm run -s mail:inspect -- FILE
`

interface Surroundings {
  env: Record<string, string | undefined>
  out: { write(text: string): unknown }
  err: { write(text: string): unknown }
}

/** Does what `args` ask. Answers with the exit code: 1 when it could not be done, 2 when it was not understood. */
export async function mailCommand(args: string[], { env, out, err }: Surroundings): Promise<number> {
  const say = (text: string) => void out.write(`${text}\n`)
  try {
    return await run(args, settings(env), say)
  } catch (error) {
    const isMisspelt = (error as NodeJS.ErrnoException).code?.startsWith('ERR_PARSE_ARGS')
    if (!isMisspelt && !(error instanceof CommandProblem)) throw error
    err.write(`${(error as Error).message}\n${isMisspelt ? `\n${usage}` : ''}`)
    return isMisspelt ? 2 : 1
  }
}

async function run(args: string[], env: ReturnType<typeof settings>, say: (text: string) => void): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      outcome: { type: 'string' },
      limit: { type: 'string' },
      do: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  })
  const [command, id] = positionals
  if (values.help || command === undefined) {
    say(usage.trimEnd())
    return values.help ? 0 : 2
  }
  if (!['list', 'explain', 'replay'].includes(command))
    throw new CommandProblem(`There is no command ${command}.\n\n${usage}`)
  const database = await openProductDatabase(env)
  try {
    if (command === 'list') await list(database, values, say)
    else {
      const templates = await loadTemplates(env.TEMPLATES_DIR ?? './templates')
      const words = templates.words(null, { audience: 'agent', timeZone: 'UTC' })
      const number = numberOf(id, 'ID')
      if (command === 'explain') {
        const story = await mailStory(database, number)
        if (!story)
          throw new CommandProblem(`There is no mail ${number}. npm run -s mail -- list shows which there are.`)
        say(explainMail(story, words).trimEnd())
      } else {
        const reader = new MailReader()
        const parts = { database, reader, words, supportAddress: env.SUPPORT_ADDRESS, say }
        await replayMail(parts, number, values.do === true).finally(() => reader.close())
      }
    }
    return 0
  } finally {
    await database.close()
  }
}

async function list(
  database: Parameters<typeof ledgerRows>[0],
  asked: { outcome?: string | undefined; limit?: string | undefined },
  say: (text: string) => void,
): Promise<void> {
  const outcome = [...mailOutcomes, 'waiting' as const].find((one) => one === asked.outcome) ?? null
  if (asked.outcome !== undefined && outcome === null)
    throw new CommandProblem(`There is no outcome ${asked.outcome}: it is ${mailOutcomes.join(', ')}, or waiting.`)
  const rows = await ledgerRows(database, outcome, asked.limit === undefined ? 20 : numberOf(asked.limit, '--limit'))
  if (rows.length === 0) return say(outcome ? `No mail is ${outcome}.` : 'No mail has come yet.')
  for (const row of rows) {
    const ticket = row.ticketId === null ? '' : `#${row.ticketId}`
    const facts = [
      String(row.id).padStart(6),
      time(row.receivedAt),
      (row.outcome ?? 'waiting').padEnd(10),
      ticket.padEnd(7),
    ]
    say(`${facts.join('  ')}  ${oneLine(row.sender ?? '(no sender)')}  ${oneLine(row.subject ?? '')}`)
  }
}

function numberOf(text: string | undefined, name: string): number {
  const number = Number(text)
  if (text === undefined || !/^\d{1,15}$/.test(text) || number < 1)
    throw new CommandProblem(
      `${name} is ${text === undefined ? 'missing' : 'no number'}: npm run -s mail -- list shows the numbers of mails.`,
    )
  return number
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  // The reader of our pipe may leave early (`| head`): that is no failure.
  process.stdout.on('error', () => process.exit(0))
  const { env, stdout: out, stderr: err } = process
  process.exitCode = await mailCommand(process.argv.slice(2), { env, out, err })
}
