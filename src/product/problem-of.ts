/** One line for people; a failed connection has its reasons inside. */
export function problemOf(error: unknown): string {
  const first = error instanceof AggregateError ? error.errors[0] : error
  return first instanceof Error ? first.message : String(first)
}
