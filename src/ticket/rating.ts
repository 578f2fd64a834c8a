import type { Rating } from './ticket.ts'

const BEST_BAD_SCORE = 2 // of five: "very bad" and "bad"

/** Whether a rating calls for another look at the request. */
export function isBad(rating: Rating | null): boolean {
  return rating !== null && rating.score <= BEST_BAD_SCORE
}
