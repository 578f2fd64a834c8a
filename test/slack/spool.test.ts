import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { processThenAck } from '../../src/slack/in-time.ts'
import { createSpool, type SpooledEvent } from '../../src/slack/spool.ts'

let folder: string
const log = { error: vi.fn() }
const body = { type: 'event_callback', event_id: 'Ev1', event_time: 1_700_000_000, event: { text: 'help' } }

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'deskhand-spool-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

test('an event the database is too slow for is on the disk before it is acknowledged, and done after a crash', async () => {
  const kept: string[][] = []
  const ack = async () => {
    kept.push(await readdir(folder))
  }
  // The process ends while the database still does not answer: nothing after the acknowledgement happens.
  void processThenAck({ body, ack }, () => new Promise(() => {}), createSpool(folder, log))
  await vi.waitFor(() => expect(kept).toEqual([['1700000000-Ev1.json']]), 5_000)

  const done: SpooledEvent[] = []
  await createSpool(folder, log).replay(async (event) => void done.push(event))
  expect(done).toEqual([body])
  expect(await readdir(folder)).toEqual([])
})

test('an event that is done in time never touches the disk; one that fails in time is not acknowledged', async () => {
  const ack = vi.fn(async () => {})
  const spool = createSpool(join(folder, 'none'), log)
  await processThenAck({ body, ack }, async () => {}, spool)
  expect(ack).toHaveBeenCalledTimes(1)
  await expect(processThenAck({ body, ack }, () => Promise.reject(new Error('no database')), spool)).rejects.toThrow()
  expect(ack).toHaveBeenCalledTimes(1)
  expect(await readdir(folder)).toEqual([])
})

test('what fails again waits for the next time, half a file does not, and what is in work is not done twice', async () => {
  const spool = createSpool(folder, log)
  const letGo = await spool.keep(body)
  await writeFile(join(folder, '1-Ev0.json'), '{"event_id":"Ev0","ev')
  const process = vi.fn(async () => {
    throw new Error('no database')
  })
  await spool.replay(process)
  expect(process).not.toHaveBeenCalled()
  expect(await readdir(folder)).toEqual(['1700000000-Ev1.json'])
  await letGo(false)
  await spool.replay(process)
  expect(process).toHaveBeenCalledTimes(1)
  expect(await readdir(folder)).toEqual(['1700000000-Ev1.json'])
})
