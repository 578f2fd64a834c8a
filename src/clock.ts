/** Where time comes from. Everything that asks what time it is gets one of these handed in; tests move theirs. */
export interface Clock {
  now(): Date
  /** Milliseconds it was pushed ahead of the machine's; left out by one that cannot be. */
  readonly aheadMs?: number
}

export const systemClock: Clock = { now: () => new Date() }

/** A clock that runs at normal speed from a point that can be pushed forward: the sandbox's, and the tests'. */
export class MovableClock implements Clock {
  private offsetMs: number
  private readonly listeners = new Set<() => void | Promise<void>>()

  constructor(offsetMs = 0) {
    this.offsetMs = offsetMs
  }

  /** A clock that now shows `at`. */
  static at(at: Date): MovableClock {
    return new MovableClock(at.getTime() - Date.now())
  }

  now(): Date {
    return new Date(Date.now() + this.offsetMs)
  }

  /** Milliseconds this clock is ahead of the machine's. */
  get aheadMs(): number {
    return this.offsetMs
  }

  /** Moves the clock forward and waits for everybody who asked to hear of it. Backwards is refused with a RangeError. */
  async push(ms: number): Promise<void> {
    if (!(ms >= 0)) throw new RangeError('a clock only moves forward')
    this.offsetMs += ms
    for (const listener of this.listeners) await listener()
  }

  /** Calls `listener` after each push; the answer takes it off again. */
  onPush(listener: () => void | Promise<void>): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }
}

/** Whether what was found out at `at` still counts at `now`: for `ms`, and not after the clock was set back. In ms since 1970. */
export function isFresh(at: number, now: number, ms: number): boolean {
  return at <= now && now - at < ms
}
