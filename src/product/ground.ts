import { join } from 'node:path'
import { createDesk, type Desk, type DeskParts } from '../desk.ts'
import { type Jobs, startJobs } from '../jobs.ts'
import { createSecrets, type Secrets } from '../secrets.ts'
import { SettingError } from '../setting-error.ts'
import { type Database, openDatabase } from '../store/database.ts'
import { type FileStore, folderStore } from '../store/files.ts'
import { saveFormVersion } from '../store/form-versions.ts'
import type { Names } from '../store/in-full.ts'
import { installationId } from '../store/installation.ts'
import { MigrationError, migrate } from '../store/migrate.ts'
import { isNotListed, NOT_LISTED, routeOf, termsOf, triageChannelOf } from '../ticket/routing.ts'
import { fileLink } from '../web.ts'
import { problemOf } from './problem-of.ts'
import type { ProductSettings } from './settings.ts'
import { shelveArticles } from './shelve-articles.ts'
import { readWords, type Words } from './words.ts'

/** What both outside worlds stand on: the words, the database with its jobs, and the desk that changes tickets. */
export interface Ground extends Words {
  settings: ProductSettings
  database: Database
  jobs: Jobs
  secrets: Secrets
  files: FileStore
  deskParts: DeskParts
  desk: Desk
  names: Names
  /** The domain of our Message-IDs. */
  mailHost: string
  /** The team a ticket of this branch and account belongs to. */
  route(branch: string | null, accountKey: string | null): { groupKey: string; regionKey: string }
  /** The channel of a group; the desk's own for null. */
  triageChannelOf(groupKey: string | null): string
  triageChannels: Set<string>
}

/** Reads the words, brings the database up to date and opens it. Throws before anything is heard or sent. */
export async function layGround(settings: ProductSettings): Promise<Ground> {
  const { clock, log, publicUrl, mail } = settings
  const words = await readWords(settings)
  const { deskFile, companyName, intake, wholeForm } = words
  await migrate(settings.databaseUrl).catch((cause) => {
    if (cause instanceof MigrationError) throw cause
    const text = `The database cannot be used (${problemOf(cause)}): check DATABASE_URL, and that it is running`
    throw new SettingError(text, { cause })
  })
  const database = openDatabase(settings.databaseUrl, (error) =>
    log.warn({ err: error }, 'a database connection broke'),
  )
  await saveFormVersion(database, wholeForm, clock.now())
  await shelveArticles({ database, settings, deskFile, clock, log })
  const jobs = await startJobs(database, log)
  const secrets = createSecrets(settings.secret, await installationId(database))
  const ownChannel = settings.slack.triageChannel
  const channelOf = (groupKey: string | null) =>
    groupKey === null ? ownChannel : triageChannelOf(deskFile, groupKey, ownChannel)
  const route: Ground['route'] = (branch, accountKey) => routeOf(deskFile, { branch, accountKey })
  const mailHost = mail.supportAddress.slice(mail.supportAddress.lastIndexOf('@') + 1).toLowerCase()
  const deskParts: DeskParts = {
    database,
    clock,
    queue: jobs,
    secrets,
    termsOf: (regionKey) => ({ ...termsOf(deskFile, regionKey), intake: { form: intake.form, routeOf: route } }),
    triageChannelOf: channelOf,
    mailHost,
    undoMs: settings.undoSeconds * 1000,
    log,
  }
  return {
    ...words,
    settings,
    database,
    jobs,
    secrets,
    files: folderStore(join(settings.dataDir, 'files')),
    deskParts,
    desk: createDesk(deskParts),
    names: {
      account: (key) => {
        const known = key === null || key === NOT_LISTED ? { name: undefined } : deskFile.accounts[key]
        return known ? (known.name ?? null) : key
      },
      isNotListed: (key) => isNotListed(deskFile, key),
      group: (key) => deskFile.groups[key]?.name ?? companyName,
      fileUrl: (fileId, name) => fileLink(publicUrl, fileId, secrets.fileToken(fileId), name),
    },
    mailHost,
    route,
    triageChannelOf: channelOf,
    triageChannels: new Set([ownChannel, ...Object.keys(deskFile.groups).map(channelOf)]),
  }
}
