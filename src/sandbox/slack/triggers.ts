import type { Clock } from '../../clock.ts'
import { Refused } from './refused.ts'

interface Trigger {
  userId: string
  issuedAt: number
  /** The view it came from, when somebody did something inside a modal or Home. */
  viewId?: string
  spent: boolean
}

const TRIGGER_LIVES_MS = 3000 // docs.slack.dev/surfaces/modals: three seconds, one use
const TRIGGERS_KEPT = 1000

/** The trigger ids handed out: each lives three seconds of the clock and opens one view. */
export class Triggers {
  private readonly clock: Clock
  private readonly newId: () => string
  private readonly issued = new Map<string, Trigger>()

  constructor(clock: Clock, newId: () => string) {
    this.clock = clock
    this.newId = newId
  }

  issue(userId: string, viewId?: string): string {
    const id = this.newId()
    this.issued.set(id, {
      userId,
      issuedAt: this.clock.now().getTime(),
      spent: false,
      ...(viewId === undefined ? {} : { viewId }),
    })
    if (this.issued.size > TRIGGERS_KEPT) this.issued.delete(this.issued.keys().next().value as string)
    return id
  }

  /** The trigger, still unspent; throws invalid_trigger_id, exchanged_trigger_id or expired_trigger_id (M/views.open). */
  check(id: unknown): Trigger {
    const trigger = typeof id === 'string' ? this.issued.get(id) : undefined
    if (!trigger) throw new Refused('invalid_trigger_id')
    if (trigger.spent) throw new Refused('exchanged_trigger_id')
    if (this.clock.now().getTime() - trigger.issuedAt > TRIGGER_LIVES_MS) throw new Refused('expired_trigger_id')
    return trigger
  }
}
