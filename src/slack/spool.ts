import { mkdir, open, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'

/**
 * Events that had to be acknowledged before the database could take them, on this machine's disk: Slack does not send
 * them again, so without this a crash in that moment would lose somebody's words.
 */
export interface Spool {
  /** Keeps an event, and resolves when it is on the disk. Call the answer at the end: done takes it off, else it is replayed. */
  keep(body: SpooledEvent): Promise<(isDone: boolean) => Promise<void>>
  /** Hands every event that is kept and not in work to `process`; one that fails stays for the next time. */
  replay(process: (body: SpooledEvent) => Promise<void>): Promise<void>
}

const shape = z.looseObject({ event_id: z.string().regex(/^\w{1,64}$/), event_time: z.number() })
export type SpooledEvent = z.infer<typeof shape>

/** The event as Slack sent it, if it is one that can be kept. */
export function spoolable(body: unknown): SpooledEvent | null {
  const parsed = shape.safeParse(body)
  return parsed.success ? parsed.data : null
}

export function createSpool(folder: string, log: { error(fields: object, message: string): void }): Spool {
  const inWork = new Set<string>()
  return {
    keep: async (body) => {
      const name = `${body.event_time}-${body.event_id}.json`
      inWork.add(name)
      await mkdir(folder, { recursive: true, mode: 0o700 })
      const file = await open(join(folder, name), 'w', 0o600)
      try {
        await file.writeFile(JSON.stringify(body))
        await file.sync()
      } finally {
        await file.close()
      }
      return async (isDone) => {
        if (isDone) await rm(join(folder, name), { force: true })
        inWork.delete(name)
      }
    },
    replay: async (process) => {
      const names = await readdir(folder).catch(() => [])
      for (const name of names.sort().filter((each) => !inWork.has(each))) {
        inWork.add(name)
        try {
          // Half a file is an event that was not acknowledged, so Slack still has it.
          const body = spoolable(
            await readFile(join(folder, name), 'utf8')
              .then(JSON.parse)
              .catch(() => null),
          )
          if (body) await process(body)
          await rm(join(folder, name), { force: true })
        } catch (error) {
          log.error({ err: error, event: name }, 'an event of Slack waits on the disk')
        } finally {
          inWork.delete(name)
        }
      }
    },
  }
}
