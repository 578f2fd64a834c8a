import type { Attempt } from '../dispatcher.ts'
import type { Database } from '../store/database.ts'
import { OTHERS_HOMES } from '../store/open-homes.ts'
import type { OutboxRow } from '../store/outbox.ts'
import { people } from '../store/people.ts'
import { slackFailure } from './failures.ts'
import type { Home } from './home.ts'

interface DrawParts {
  database: Database
  home: Home
  /** Slack takes about a hundred Homes a minute, of all people together (docs.slack.dev/reference/methods/views.publish). */
  paceMs: number
}

/** Does a `post` effect whose slot is an App Home: the whole of it, as it is now. */
export async function drawHome(
  { database, home, paceMs }: DrawParts,
  row: OutboxRow,
  contactId: number,
): Promise<Attempt> {
  try {
    const [person] = await people(database, [contactId])
    if (!person?.slack) throw new Error(`contact ${contactId} is not in Slack`)
    await home.publish(contactId, person.slack.userId)
    return { kind: 'done', paceMs }
  } catch (error) {
    return row.lane === OTHERS_HOMES ? notAgain(error) : slackFailure(error)
  }
}

/** One Home that cannot be drawn must not hold up everybody's: whoever opens theirs has it drawn anyway. */
function notAgain(error: unknown): Attempt {
  try {
    const failure = slackFailure(error)
    return failure.kind === 'later' ? failure : { kind: 'never', problem: failure.problem, isMeant: true }
  } catch {
    return { kind: 'never', problem: String(error) }
  }
}
