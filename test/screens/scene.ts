import type { World } from '../support/world.ts'
import type { Walker } from './walker.ts'

export const HOUR = 3_600_000
export const FILE = { name: 'A.TXT', mimetype: 'text/plain', bytes: Buffer.from('A') }

export interface Scene {
  world: World
  /** Of a company with stores. */
  client: Walker
  /** Nobody has heard of them. */
  guest: Walker
  /** Reads the same language, copies the client on a mail. */
  colleague: string
  /** The words of /ticket in their language. */
  word(name: string): string
  /** Opens a page, as whoever speaks this language; what it says. */
  visit(url: string, post?: Record<string, string>): Promise<string>
}
