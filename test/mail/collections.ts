import { readFileSync } from 'node:fs'

/** The blocks of the collection `name`: the words behind `@@`, and the lines below. */
export function blocks(name: string): { head: string; lines: string[] }[] {
  const text = readFileSync(new URL(`./fixtures/${name}`, import.meta.url), 'utf8')
  return text
    .split(/^@@ /m)
    .slice(1)
    .map((block) => {
      const [head = '', ...lines] = block.replace(/\n$/, '').split('\n')
      return { head, lines }
    })
}
