import { readFileSync } from 'node:fs'
import type { FreshDatabase } from '../support/database.ts'
import { GENERAL, KOFI, startWorld, type World } from '../support/world.ts'
import type { Scene } from './scene.ts'
import { Walker } from './walker.ts'

/** One of each language: with stores (`client`), and somebody nobody has heard of (`guest`). */
export const people = [
  { locale: 'en', client: 'U0ADA', name: 'Ada Lovelace', slack: 'en-GB', tz: 'Europe/Berlin' },
  { locale: 'es', client: 'U0EVA', name: 'Eva Luna', slack: 'es-419', tz: 'America/Bogota' },
  { locale: 'pt', client: 'U0BRUNO', name: 'Bruno Dias', slack: 'pt-BR', tz: 'America/Sao_Paulo' },
].map((one) => ({
  ...one,
  address: `${one.name.split(' ')[0]!.toLowerCase()}@acme.example`,
  guest: `U0GUEST${one.locale.toUpperCase()}`,
  guestAddress: `gus@guest-${one.locale}.example`,
  colleague: `colleague.${one.locale}@acme.example`,
}))
export type Reader = (typeof people)[number]

/** The world in which they all walk. */
export function startWalk(options: { templatesDir?: string; database?: FreshDatabase } = {}): Promise<World> {
  return startWorld({
    ...options,
    mode: 'socket',
    at: new Date('2026-11-24T15:00:00Z'),
    articles: 'test/screens/articles',
    prepare: ({ state }) => {
      const general = state.channel(GENERAL)!.members
      for (const { locale, client, guest, address, guestAddress, slack, tz, name } of people) {
        const mate = guest.replace('GUEST', 'MATE')
        const others = [
          { id: client, realName: name, email: address },
          { id: guest, realName: 'Gus Guest', email: guestAddress },
          { id: mate, realName: 'Mia Mate', email: `mia@guest-${locale}.example` },
        ].filter(({ id }) => !state.people().some((known) => known.id === id))
        for (const one of others)
          state.people().push({ ...one, name: one.id.slice(2).toLowerCase(), tz, locale: slack })
        general.push(...[client, guest].filter((id) => !general.includes(id)))
      }
      general.push(...['U0DESKHAND', KOFI].filter((id) => !general.includes(id)))
    },
  })
}

/** Goes one step of the walk as this reader. */
export async function walkAs(
  world: World,
  reader: Reader,
  visit: Scene['visit'],
  walk: (scene: Scene) => Promise<void>,
): Promise<void> {
  await world.db.query('delete from drafts where ticket_id is null')
  const { locale, client, guest, address, guestAddress, colleague } = reader
  const scene = {
    world,
    client: new Walker(world, client, address),
    guest: new Walker(world, guest, guestAddress),
    colleague,
    word: (name: string) => (name === 'locale' ? locale : typed(locale, name)),
    visit,
  }
  await walk(scene)
  await scene.client.close()
  await scene.guest.close()
}

/** The first word for a subcommand: what people type is no label. */
function typed(locale: string, name: string): string {
  const all = JSON.parse(readFileSync(`templates/${locale}/command.json`, 'utf8'))
  return all[`command.word.${name}`].split(',')[0].trim()
}

/** Months and days as this language writes them out. */
export function calendarWords(locale: string): string[] {
  const at = (month: number, day: number) => new Date(Date.UTC(2026, month, day))
  const months = Array.from({ length: 12 }, (_, n) =>
    at(n, 1).toLocaleString(locale, { month: 'long', timeZone: 'UTC' }),
  )
  const days = Array.from({ length: 7 }, (_, n) =>
    at(0, n + 1).toLocaleString(locale, { weekday: 'long', timeZone: 'UTC' }),
  )
  return [...months, ...days]
}
