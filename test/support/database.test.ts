import pg from 'pg'
import { expect, test } from 'vitest'
import { freshDatabase } from './database.ts'

test('each fresh database is empty of what another one holds, and can be dropped while connected', async () => {
  const [ada, kofi] = await Promise.all([freshDatabase(), freshDatabase()])
  const first = new pg.Client({ connectionString: ada.url })
  const second = new pg.Client({ connectionString: kofi.url })
  first.on('error', () => {})
  await first.connect()
  await second.connect()
  await first.query('create table only_here (id int)')
  const { rows } = await second.query(`select to_regclass('only_here') as found`)
  expect(rows).toEqual([{ found: null }])
  await second.end()
  await ada.drop()
  await kofi.drop()
  await expect(new pg.Client({ connectionString: ada.url }).connect()).rejects.toThrow('does not exist')
})
