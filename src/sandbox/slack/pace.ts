import type { Clock } from '../../clock.ts'
import { Refused } from './refused.ts'

const POSTS_PER_SECOND = 1 // /apis/web-api/rate-limits: about one message a second per channel …
const POST_BURST = 4 // … "short bursts" pass; Slack gives no figure, this is ours

interface Bucket {
  tokens: number
  at: number
}

/** Slack's rate limits as token buckets on the clock: messages per channel, calls per method. */
export class Pace {
  private readonly clock: Clock
  private readonly buckets = new Map<string, Bucket>()

  constructor(clock: Clock) {
    this.clock = clock
  }

  /** Throws 429 with Retry-After when the channel has had its messages. */
  post(channelId: string): void {
    this.take(`post ${channelId}`, POSTS_PER_SECOND, POST_BURST)
  }

  /** Throws 429 with Retry-After when the method has had its calls of this minute. */
  call(method: string, perMinute: number): void {
    this.take(method, perMinute / 60, perMinute)
  }

  private take(key: string, perSecond: number, burst: number): void {
    const now = this.clock.now().getTime()
    const before = this.buckets.get(key) ?? { tokens: burst, at: now }
    const tokens = Math.min(burst, before.tokens + ((now - before.at) / 1000) * perSecond)
    if (tokens < 1) {
      this.buckets.set(key, { tokens, at: now })
      throw rateLimited(Math.max(1, Math.ceil((1 - tokens) / perSecond)))
    }
    this.buckets.set(key, { tokens: tokens - 1, at: now })
  }
}

/** HTTP 429 with Retry-After in seconds. */
export function rateLimited(seconds: number): Refused {
  return new Refused('ratelimited', {}, { status: 429, headers: { 'retry-after': String(seconds) } })
}
