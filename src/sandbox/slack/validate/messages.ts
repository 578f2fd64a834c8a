import { Refused } from '../refused.ts'
import { blockProblems } from './blocks.ts'
import { inSlacksWords } from './problems.ts'

type Json = Record<string, unknown>

const ATTACHMENTS_LIMIT = 100 // M/chat.postMessage
const MARKDOWN_TEXT_LIMIT = 12_000
const METADATA_LIMIT_BYTES = 8_000 // Slack gives no figure for metadata_too_large; this is ours
const EVENT_TYPE = /^[a-z0-9_]{1,255}$/i

/** Nothing, when Slack would take text, blocks, attachments and metadata of a message; throws its error otherwise. */
export function checkMessage(message: Json, http: { status?: number } = {}): void {
  const { text, blocks, attachments, markdown_text: markdown } = message
  if (markdown !== undefined) {
    if (text !== undefined || blocks !== undefined) throw new Refused('markdown_text_conflict', {}, http)
    if (String(markdown).length > MARKDOWN_TEXT_LIMIT) throw new Refused('msg_too_long', {}, http)
  }
  const isEmpty = (value: unknown) =>
    value === undefined || value === '' || (Array.isArray(value) && value.length === 0)
  if ([text, blocks, attachments, markdown].every(isEmpty)) throw new Refused('no_text', {}, http)
  if (blocks !== undefined) checkBlocks(blocks, http)
  if (attachments !== undefined) {
    if (!Array.isArray(attachments)) throw new Refused('invalid_attachments', {}, http)
    if (attachments.length > ATTACHMENTS_LIMIT) throw new Refused('too_many_attachments', {}, http)
    for (const attachment of attachments as Json[])
      if (attachment.blocks !== undefined) checkBlocks(attachment.blocks, http)
  }
  checkMetadata(message.metadata)
}

/** Blocks of a message; throws invalid_blocks_format or invalid_blocks with the reasons. */
export function checkBlocks(blocks: unknown, http: { status?: number } = {}): void {
  if (!Array.isArray(blocks)) throw new Refused('invalid_blocks_format', {}, http)
  const found = blockProblems(blocks, 'message', '/blocks')
  if (found.length === 0) return
  const words = found.map(inSlacksWords)
  const errors = words.map((word) => word.replace('[ERROR] ', ''))
  throw new Refused('invalid_blocks', { errors, response_metadata: { messages: words } }, http)
}

/** /messaging/message-metadata: an event_type in snake case and an object of payload. */
function checkMetadata(metadata: unknown): void {
  if (
    metadata === undefined ||
    (typeof metadata === 'object' && metadata !== null && Object.keys(metadata).length === 0)
  )
    return
  const { event_type: type, event_payload: payload, ...more } = (metadata ?? {}) as Json
  const isObject = typeof payload === 'object' && payload !== null && !Array.isArray(payload)
  if (typeof type !== 'string' || !EVENT_TYPE.test(type)) throw new Refused('invalid_metadata_format')
  if (!isObject || Object.keys(more).some((name) => name !== 'entities')) throw new Refused('invalid_metadata_schema')
  if (Buffer.byteLength(JSON.stringify(metadata)) > METADATA_LIMIT_BYTES) throw new Refused('metadata_too_large')
}
