import type { WebClient } from '@slack/web-api'
import type { Queue } from '../desk.ts'
import type { Attempt, Deliver } from '../dispatcher.ts'
import type { Database } from '../store/database.ts'
import type { FileStore } from '../store/files.ts'
import type { OutboxRow } from '../store/outbox.ts'
import { forgetSlackMessage, type SlackMessage, slackMessage } from '../store/slack-messages.ts'
import {
  forgetSent,
  linkOnly,
  markUploads,
  saveSent,
  type Upload,
  uploadsOf,
  uploadUnderCard,
} from '../store/uploads.ts'
import type { CommentFile } from '../ticket/in-full.ts'
import { type Slot, slotKey, type UploadSlot } from '../ticket/policies/effect.ts'
import type { Unshared } from '../ticket/ticket.ts'
import { isSlackError, slackFailure } from './failures.ts'
import type { FileHosts } from './fetch-file.ts'
import type { Renderer } from './render.ts'
import { sendBytes, stateInSlack, takeBack } from './upload-calls.ts'
import { filesToShare, MOST_SHARED, MOST_SHARED_BYTES } from './upload-choice.ts'

interface UploadParts {
  database: Database
  client: WebClient
  files: FileStore
  render: Renderer
  queue: Pick<Queue, 'wakeLane'>
  /** Hosts that may be given a file's bytes: Slack's own. */
  hosts: FileHosts
  /** Posts the message that files hang under, should it be gone. */
  post: Deliver
  heldBack(channel: string): Promise<Attempt | null>
  paceMs: number
}

const MOST_TRIES = 5 // then the link is all there is: what comes behind in the lane must not wait for one file
const LOOK_MS = 5_000

/**
 * Does `upload` effects: the files of what was said are in its thread once, or linked there with the reason why not. Slack
 * knows no idempotency key: our copies' ids are kept before they are shared, and asked for by whoever comes after a crash.
 */
export function createUploader(parts: UploadParts): Deliver {
  return async (row, mayBeDone) => {
    if (row.effect.kind !== 'upload' || row.ticketId === null) throw new Error(`outbox ${row.id} is no upload`)
    const { slot } = row.effect
    const held = row.lane.startsWith('slack:') && (await parts.heldBack(row.lane.slice('slack:'.length)))
    if (held) return held
    const full = await parts.render.full(row.ticketId)
    const event = full?.events.find(({ id }) => id === slot.eventId)
    const comment = full?.comments.find(({ id }) => id === event?.commentId)
    if (!full || !event || !comment) return { kind: 'done', paceMs: 0 }
    const kept = comment.removedAt ? [] : comment.files.map(({ id }) => id)
    const taken = await takeBack(parts, row, comment.id, kept)
    if (comment.removedAt || taken.kind !== 'done') return taken
    const wanted = filesToShare(full, event, comment, slot.place)
    if (wanted.length === 0) return { kind: 'done', paceMs: 0 }

    const rootSlot = rootOf(slot)
    const root = await slackMessage(parts.database, slotKey(row.ticketId, rootSlot))
    if (!root) return rootAgain(parts, row, rootSlot)
    // The card stands elsewhere by now: one lane alone puts files there.
    if (slot.place === 'card-files' && row.lane !== `slack:${root.channel}`) {
      await parts.database.transaction(async (tx) => {
        await parts.queue.wakeLane(tx, await uploadUnderCard(tx, row.ticketId!, slot.eventId, root.channel))
      })
      return { kind: 'done', paceMs: 0 }
    }
    const known = await uploadsOf(parts.database, comment.id, root.channel)
    return share(parts, row, { slot, root, known, wanted, mayBeDone })
  }
}

interface Sharing {
  slot: UploadSlot
  root: SlackMessage
  known: Upload[]
  wanted: CommentFile[]
  mayBeDone: boolean
}

async function share(parts: UploadParts, row: OutboxRow, sharing: Sharing): Promise<Attempt> {
  const { database, client, paceMs } = parts
  const { slot, root, known, wanted, mayBeDone } = sharing
  const of = (file: CommentFile) => known.find(({ attachmentId }) => attachmentId === file.id)
  const open = wanted.filter((file) => of(file) === undefined || of(file)!.state === 'sent')
  if (open.length === 0) return { kind: 'done', paceMs: 0 }
  const giveUp = (files: CommentFile[], reason: Unshared) =>
    link(parts, row, sharing, new Map(files.map(({ id }) => [id, reason])))

  const ready = open.flatMap((file) => of(file)?.slackFile ?? [])
  if (ready.length > 0) {
    const found = await stateInSlack(client, ready, root.channel)
    if (typeof found === 'object')
      return row.attempts < MOST_TRIES ? { ...found, kind: 'uncertain' } : giveUp(open, 'failed')
    if (found === 'shared') {
      await markUploads(database, ready, 'shared')
      return { kind: 'later', problem: 'shared before; the rest follows', delayMs: 0, laneToo: false }
    }
    // Slack shares what is complete in its own time: it is looked for again, and never completed twice.
    if (found === 'unshared' && mayBeDone)
      return row.attempts < MOST_TRIES
        ? { kind: 'uncertain', problem: 'Slack has the files and does not show them', delayMs: LOOK_MS, laneToo: true }
        : giveUp(open, 'failed')
  }

  const links = new Map<number, Unshared>()
  for (const file of open) {
    if (of(file)) continue
    const place = wanted.indexOf(file)
    const tooMuch = place >= MOST_SHARED ? 'too-many' : file.size > MOST_SHARED_BYTES ? 'too-large' : null
    const sent = tooMuch ?? (await sendBytes(parts, row.ticketId!, file))
    if (typeof sent === 'string') links.set(file.id, sent)
    else if ('slackFile' in sent) {
      await saveSent(database, file.id, { channel: root.channel, place: slot.place }, sent.slackFile)
      ready.push(sent.slackFile)
    } else if (sent.kind === 'later') return sent
    else if (row.attempts < MOST_TRIES) return { ...sent, kind: 'later' }
    else links.set(file.id, 'failed')
  }
  if (links.size > 0) await link(parts, row, sharing, links)
  if (ready.length === 0) return { kind: 'done', paceMs: 0 }
  try {
    const files = ready.map((id) => ({ id })) as [{ id: string }, ...{ id: string }[]]
    await client.files.completeUploadExternal({ files, channel_id: root.channel, thread_ts: root.ts })
    await markUploads(database, ready, 'shared')
    return { kind: 'done', paceMs }
  } catch (error) {
    const rest = open.filter(({ id }) => !links.has(id))
    if (isSlackError(error, 'thread_not_found')) {
      await forgetSlackMessage(database, slotKey(row.ticketId, rootOf(slot)))
      return rootAgain(parts, row, rootOf(slot))
    }
    if (isSlackError(error, 'file_not_found') && row.attempts < MOST_TRIES) {
      await forgetSent(database, ready)
      return { kind: 'later', problem: 'Slack has let go of the files', delayMs: LOOK_MS, laneToo: true }
    }
    if (isSlackError(error, 'missing_scope')) return giveUp(rest, 'no-scope')
    const failure = slackFailure(error)
    if (failure.kind === 'never') return giveUp(rest, 'refused')
    if (failure.kind === 'uncertain' && row.attempts >= MOST_TRIES) return giveUp(rest, 'failed')
    return failure
  }
}

async function link(
  { database }: UploadParts,
  row: OutboxRow,
  { root, slot }: Sharing,
  reasons: Map<number, Unshared>,
): Promise<Attempt> {
  await database.transaction((tx) => linkOnly(tx, row, { channel: root.channel, slot }, reasons))
  return { kind: 'done', paceMs: 0 }
}

async function rootAgain({ post }: UploadParts, row: OutboxRow, slot: Slot): Promise<Attempt> {
  if (row.attempts >= MOST_TRIES)
    return { kind: 'never', problem: 'the message the files belong under cannot be kept in Slack' }
  const outcome = await post({ ...row, effect: { kind: 'post', slot } }, true)
  if (outcome.kind !== 'done') return outcome
  const problem = 'the message the files belong under was not there and has been posted'
  return { kind: 'later', problem, delayMs: outcome.paceMs, laneToo: true }
}

/** The message the files hang under. */
function rootOf(slot: UploadSlot): Slot {
  return slot.place === 'card-files' ? { place: 'card' } : { place: 'request', contactId: slot.contactId }
}
