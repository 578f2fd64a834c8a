import { expect, test } from 'vitest'
import { random } from '../support/random.ts'
import { injectEverywhere } from './injection.ts'

const seed = Number(process.env.SEED ?? Date.now() % 100_000)

test(`E24 300 strings in every field of a header make no header and no recipient (seed ${seed})`, async () => {
  const chance = random(seed)
  for (let mails = 0; mails < 300; mails++) expect(await injectEverywhere(chance)).toEqual([])
})
