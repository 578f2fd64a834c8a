import { buffer } from 'node:stream/consumers'
import type { WebClient } from '@slack/web-api'
import type { Attempt } from '../dispatcher.ts'
import type { Database } from '../store/database.ts'
import type { FileStore } from '../store/files.ts'
import type { OutboxRow } from '../store/outbox.ts'
import { markUploads, uploadsOf } from '../store/uploads.ts'
import type { CommentFile } from '../ticket/in-full.ts'
import type { Unshared } from '../ticket/ticket.ts'
import { isSlackError, type SlackFailure, slackFailure } from './failures.ts'
import type { FileHosts } from './fetch-file.ts'
import { oneLine, plain } from './text.ts'

interface CallParts {
  database: Database
  client: WebClient
  files: FileStore
  hosts: FileHosts
}

const UPLOAD_MS = 60_000
const RETRY_MS = 5_000
const MOST_TRIES = 5
const LONGEST_NAME = 200

// docs.slack.dev/reference/methods/files.getUploadURLExternal: what no repeat changes.
const refusals: Record<string, Unshared> = {
  missing_scope: 'no-scope',
  file_uploads_disabled: 'refused',
  file_type_not_allowed: 'refused',
  file_uploads_except_images_disabled: 'refused',
  file_upload_size_restricted: 'too-large',
  storage_limit_reached: 'refused',
  invalid_arguments: 'refused',
}

/**
 * Gives Slack the bytes of a file, which nobody sees yet; answers with its id there, why Slack will not have it, or a failure
 * after which it can be tried anew, because nothing was shown.
 */
export async function sendBytes(
  { client, files, hosts }: CallParts,
  ticketId: number,
  file: CommentFile,
): Promise<{ slackFile: string } | Unshared | Passing> {
  const stored = await files.read(file.sha256!)
  if (!stored) return 'failed'
  const bytes = await buffer(stored.stream)
  if (bytes.length === 0) return 'refused' // Slack takes no empty file
  try {
    const filename = plain(oneLine(file.name), LONGEST_NAME) || `${ticketId}-${file.id}`
    const given = await client.files.getUploadURLExternal({ filename, length: bytes.length })
    const url = URL.parse(given.upload_url ?? '')
    if (!url || !given.file_id || !hosts.isAllowed(url)) return 'failed'
    const answer = await fetch(url, {
      method: 'POST',
      body: new Uint8Array(bytes),
      headers: { 'content-type': 'application/octet-stream' },
      redirect: 'error', // what people sent goes to the host Slack named and to no other
      signal: AbortSignal.timeout(UPLOAD_MS),
    })
    await answer.body?.cancel()
    if (answer.ok) return { slackFile: given.file_id }
    return again(`HTTP ${answer.status} for the bytes of a file`)
  } catch (error) {
    for (const [code, reason] of Object.entries(refusals)) if (isSlackError(error, code)) return reason
    // The bytes did not get through; no one has been shown anything.
    if (error instanceof TypeError || error instanceof DOMException) return again(String(error))
    const failure = slackFailure(error)
    return failure.kind === 'never' ? 'refused' : failure
  }
}

/** A failure that may pass: *uncertain* ones only so often, others for as long as they last. */
type Passing = Exclude<SlackFailure, { kind: 'never' }>

function again(problem: string): Passing {
  return { kind: 'uncertain', problem, delayMs: RETRY_MS, laneToo: true }
}

/**
 * Whether these files, completed together, are shown in the channel (*shared*), known to Slack and not shown (*unshared*),
 * or were never completed (*absent*); a failure when Slack does not say.
 */
export async function stateInSlack(
  client: WebClient,
  slackFiles: string[],
  channel: string,
): Promise<'shared' | 'unshared' | 'absent' | Passing> {
  let isThere = false
  for (const id of slackFiles) {
    try {
      const { file } = await client.files.info({ file: id })
      isThere = true
      const { public: open = {}, private: closed = {} } = file?.shares ?? {}
      const places = [file?.channels, file?.groups, file?.ims].flatMap((each) => each ?? [])
      if (places.includes(channel) || Object.hasOwn(open, channel) || Object.hasOwn(closed, channel)) return 'shared'
    } catch (error) {
      if (isSlackError(error, 'file_not_found', 'file_deleted')) continue
      const failure = slackFailure(error)
      return failure.kind === 'never' ? again(failure.problem) : failure
    }
  }
  return isThere ? 'unshared' : 'absent'
}

const undeletable = ['missing_scope', 'cant_delete_file', 'delete_not_allowed', 'file_deleting_disabled']

/**
 * Deletes our copies of the files of a comment, in every channel, all but those of the `kept` ones: its author took them back.
 * Done twice, it does no harm.
 */
export async function takeBack(parts: CallParts, row: OutboxRow, commentId: number, kept: number[]): Promise<Attempt> {
  for (const { attachmentId, slackFile, state } of await uploadsOf(parts.database, commentId, null)) {
    if (!slackFile || state === 'deleted' || kept.includes(attachmentId)) continue
    try {
      await parts.client.files.delete({ file: slackFile })
    } catch (error) {
      const failure = isSlackError(error, 'file_not_found', 'file_deleted') ? null : slackFailure(error)
      const isFinal = isSlackError(error, ...undeletable) || failure?.kind === 'never' || row.attempts >= MOST_TRIES
      if (failure && isFinal) return { kind: 'never', problem: failure.problem }
      if (failure) return { ...failure, kind: 'later' }
    }
    await markUploads(parts.database, [slackFile], 'deleted')
  }
  return { kind: 'done', paceMs: 0 }
}
