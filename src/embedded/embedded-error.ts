/** Why the embedded PostgreSQL cannot be used and what to do about it, in words for the person who starts Deskhand. */
export class EmbeddedError extends Error {
  override name = 'EmbeddedError'
}
