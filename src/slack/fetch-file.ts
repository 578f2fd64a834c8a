import type { WebClient } from '@slack/web-api'
import type { Queue } from '../desk.ts'
import { filesToFetch, keepFile, redrawFiles, refuseFile, type WaitingFile } from '../store/attachments.ts'
import type { Database } from '../store/database.ts'
import { type FileStore, TooLarge } from '../store/files.ts'
import { isSlackError } from './failures.ts'

interface FetchParts {
  database: Database
  client: WebClient
  files: FileStore
  queue: Queue
  botToken: string
  /** Hosts that may be given the token: Slack's file host, or that of a Slack named by SLACK_API_URL. */
  hosts: FileHosts
  maxBytes: number
}

export interface FileHosts {
  isAllowed(url: URL): boolean
}

const DOWNLOAD_MS = 60_000

// docs.slack.dev/reference/objects/file-object: url_private is there; the second is Slack for governments.
const slackFileHosts = new Set(['https://files.slack.com', 'https://files.slack-gov.com'])
const loopback = new Set(['localhost', '127.0.0.1', '[::1]'])

/**
 * Who may be given the token with a file's address: Slack's own file hosts by https, the very Slack that SLACK_API_URL
 * names, and, when that one is on this machine, whatever else is on this machine (its files may have a port of their own).
 */
export function fileHosts(apiUrl: string | undefined): FileHosts {
  const api = apiUrl ? new URL(apiUrl) : null
  return {
    isAllowed: (url) => {
      if (url.username !== '' || url.password !== '') return false
      if (slackFileHosts.has(url.origin) || url.origin === api?.origin) return true
      const isWeb = url.protocol === 'http:' || url.protocol === 'https:'
      return isWeb && api !== null && loopback.has(api.hostname) && loopback.has(url.hostname)
    },
  }
}

/**
 * Downloads what a comment still has in Slack and keeps it; one that fails holds up no other. Throws when it should be
 * tried again; on the last try what cannot be had is refused instead, so that nobody waits for it for ever.
 */
export async function fetchFiles(parts: FetchParts, commentId: number, isLastTry: boolean): Promise<void> {
  const failures: unknown[] = []
  for (const file of await filesToFetch(parts.database, commentId)) {
    try {
      await settle(parts, commentId, file, await download(parts, file))
    } catch (error) {
      if (isLastTry) await settle(parts, commentId, file, { refused: 'not-found' })
      failures.push(error)
    }
  }
  if (failures.length > 0) throw new AggregateError(failures, `files of comment ${commentId} are not fetched`)
}

async function settle(parts: FetchParts, commentId: number, file: WaitingFile, outcome: Download): Promise<void> {
  const { database, queue } = parts
  await database.transaction(async (tx) => {
    if ('refused' in outcome) await refuseFile(tx, file.id, outcome.refused)
    else await keepFile(tx, file.id, outcome)
    for (const lane of await redrawFiles(tx, commentId)) await queue.wakeLane(tx, lane)
  })
}

type Download = { sha256: string; size: number } | { refused: 'too-large' | 'not-from-slack' | 'not-found' }

async function download(
  { client, files, botToken, hosts, maxBytes }: FetchParts,
  file: WaitingFile,
): Promise<Download> {
  // What the payload said is a hint: Slack itself says where the file is and how large.
  const info = await client.files.info({ file: file.slackFile.id }).catch((error) => {
    if (isSlackError(error, 'file_not_found', 'file_deleted', 'not_visible')) return null
    throw error
  })
  if (!info?.file) return { refused: 'not-found' }
  if (info.file.is_external || (info.file.mode && !['hosted', 'snippet'].includes(info.file.mode)))
    return { refused: 'not-from-slack' }
  if ((info.file.size ?? 0) > maxBytes) return { refused: 'too-large' }
  const url = URL.parse(info.file.url_private_download ?? info.file.url_private ?? '')
  if (!url || !hosts.isAllowed(url)) return { refused: 'not-from-slack' }

  const response = await fetch(url, {
    headers: { authorization: `Bearer ${botToken}` },
    redirect: 'manual', // the token goes to the host Slack named and to no other
    signal: AbortSignal.timeout(DOWNLOAD_MS),
  })
  if (response.status >= 300 && response.status < 400)
    throw new Error(`Slack sent us elsewhere for file ${file.slackFile.id}: is the scope files:read granted?`)
  if (response.status === 404 || response.status === 410) return { refused: 'not-found' }
  if (!response.ok || !response.body)
    throw new Error(`downloading Slack file ${file.slackFile.id}: HTTP ${response.status}`)
  // Without a right to the file Slack answers 200 with its login page (docs.slack.dev/reference/objects/file-object).
  const isPage =
    response.headers.get('content-type')?.startsWith('text/html') && !info.file.mimetype?.startsWith('text/html')
  if (isPage)
    throw new Error(`Slack answered with a page instead of file ${file.slackFile.id}: is the scope files:read granted?`)
  try {
    const kept = await files.save(response.body, maxBytes)
    if (info.file.size !== undefined && kept.size !== info.file.size)
      throw new Error(`Slack file ${file.slackFile.id} has ${info.file.size} bytes, ${kept.size} arrived`)
    return kept
  } catch (error) {
    if (error instanceof TooLarge) return { refused: 'too-large' }
    throw error
  }
}
