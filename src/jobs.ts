import { PgBoss } from 'pg-boss'
import type { Queue } from './desk.ts'
import type { Database, Tx } from './store/database.ts'
import { listen } from './store/listen.ts'

/** What each job does; only ids and names travel in a job (a NUL or lone surrogate in its data would throw). */
export interface JobHandlers {
  /** Something waits in this outbox lane. */
  lane(data: { lane: string }): Promise<void>
  /** A mail was stored. */
  intake(): Promise<void>
  /** A comment has files that are still in Slack. */
  'fetch-file'(data: { commentId: number; isLastTry: boolean }): Promise<void>
  /** Every minute: deadlines that passed, wake-ups that got lost. */
  sweep(): Promise<void>
}

export interface Jobs extends Queue {
  wakeIntake(tx: Tx): Promise<void>
  work(handlers: JobHandlers): Promise<void>
  stop(): Promise<void>
}

// A process that was killed leaves its jobs running: after this they count as failed, and are done by the next one.
const AWAY_SECONDS = 15

// Stored names: rename by adding the new one, moving what waits, then removing the old one.
const queues = {
  // A wake-up only: what must be done is the outbox row, so a lost job costs a minute, never an effect.
  lane: { notify: true, retryLimit: 0, expireInSeconds: 60, deleteAfterSeconds: 60 },
  intake: { notify: true, retryLimit: 0, expireInSeconds: 60, deleteAfterSeconds: 60 },
  'fetch-file': {
    notify: true,
    retryLimit: 8,
    retryDelay: 2,
    retryBackoff: true,
    retryDelayMax: 600,
    expireInSeconds: 120,
    heartbeatSeconds: AWAY_SECONDS,
  },
  sweep: {
    policy: 'exclusive',
    retryLimit: 0,
    expireInSeconds: 120,
    heartbeatSeconds: AWAY_SECONDS,
    deleteAfterSeconds: 60,
  },
} as const

/** Starts pg-boss on the product's own pool, with every queue made beforehand (a cold queue inside a transaction hangs). */
export async function startJobs(
  database: Database,
  log: { error(fields: object, message: string): void },
): Promise<Jobs> {
  const boss = new PgBoss({
    db: adapter(database),
    useListenNotify: true,
    monitorIntervalSeconds: 5,
    superviseIntervalSeconds: 5,
    cronMonitorIntervalSeconds: 5,
    cronWorkerIntervalSeconds: 5,
    reindex: false,
    monitorVacuum: false,
  })
  boss.on('error', (error) => log.error({ err: error }, 'job queue'))
  await boss.start()
  for (const [name, options] of Object.entries(queues)) {
    await boss.createQueue(name, options)
    await boss.updateQueue(name, withoutPolicy(options))
  }
  await boss.schedule('sweep', '* * * * *')

  const send = async (tx: Tx, name: keyof typeof queues, data: object) => {
    await boss.send(name, data, { db: { executeSql: (text, values) => tx.query(text, values) } })
  }
  return {
    wakeLane: (tx, lane) => send(tx, 'lane', { lane }),
    wakeIntake: (tx) => send(tx, 'intake', {}),
    fetchFile: (tx, commentId) => send(tx, 'fetch-file', { commentId }),
    work: async (handlers) => {
      // batchSize 1 would run one job a poll; on notify queues the fallback poll is 30 s unless set (measured).
      const quick = { batchSize: 50, pollingIntervalSeconds: 1, notifyPollingIntervalSeconds: 2 }
      await boss.work<{ lane: string }>('lane', quick, async (jobs) => {
        for (const lane of new Set(jobs.map((job) => job.data.lane))) await handlers.lane({ lane })
      })
      await boss.work('intake', quick, () => handlers.intake())
      const oneByOne = { ...quick, batchSize: 1, includeMetadata: true } as const
      await boss.work<{ commentId: number }, void, typeof oneByOne>('fetch-file', oneByOne, async ([job]) => {
        if (job) await handlers['fetch-file']({ ...job.data, isLastTry: job.retryCount >= job.retryLimit })
      })
      await boss.work('sweep', { pollingIntervalSeconds: 2 }, () => handlers.sweep())
    },
    stop: () => boss.stop({ graceful: true, timeout: 5_000, close: false }),
  }
}

function withoutPolicy<T extends object>(options: T): Omit<T, 'policy'> {
  const { policy: _, ...rest } = options as T & { policy?: string }
  return rest
}

function adapter(database: Database) {
  return {
    executeSql: (text: string, values?: unknown[]) => database.query(text, values),
    listen: (channel: string, onNotification: (payload: string) => void, onReconnect: () => void) =>
      listen(database.pool, channel, onNotification, onReconnect),
  }
}
