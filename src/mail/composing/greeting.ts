import { oneLine } from './one-line.ts'

/** A name one may greet by: an address, which a mail program would show as if it were the sender's, is none. */
export function greetable(name: string): string {
  const line = oneLine(name, 60)
  return line.includes('@') ? '' : line
}
