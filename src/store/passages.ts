import type { Attachment } from '../ticket/ticket.ts'
import type { Tx } from './database.ts'
import { storable, storableIn } from './storable.ts'
import { type TalkWords, wordsOfTalk } from './talks.ts'

/**
 * The words of a comment that lines became part of: text, and in between the lines, each on rows of its own. A line that is
 * gone, or has no words, takes no row.
 */
export type Passage = (string | { ts: string })[]

/** A passage in which a line was changed; `words` are all its lines as they are now. */
export interface ChangedPassage {
  became: string
  passage: Passage
  words: TalkWords[]
  /** The files that went with the line. */
  lostFiles: Attachment[]
}

/** Where the lines of a settled talk stand in the comment they became part of. */
export async function savePassage(tx: Tx, id: string, passage: Passage): Promise<void> {
  await tx.query('update talks set passage = $2 where id = $1', [id, JSON.stringify(storableIn(passage))])
}

/**
 * Follows an edit or, with null, a deletion of a line, whether it still waits for its writer's word or became part of
 * something: answers with the passages it stands in. An edit that comes after a later one changes nothing.
 */
export async function changeWords(
  tx: Tx,
  { channel, ts }: { channel: string; ts: string },
  { text, at }: { text: string | null; at: Date },
): Promise<ChangedPassage[]> {
  const found = await tx.query<{ talk_id: string }>(
    'select talk_id from talk_words where channel = $1 and ts = $2 order by talk_id',
    [channel, ts],
  )
  const changed: ChangedPassage[] = []
  for (const { talk_id: id } of found.rows) {
    // Locks the talk: whoever settles it, or changes another line of it, does so before or after this as a whole.
    const { rows } = await tx.query('update talks set last_at = last_at where id = $1 returning became, passage', [id])
    const line = await (text === null
      ? tx.query('delete from talk_words where talk_id = $1 and ts = $2 returning files', [id, ts])
      : tx.query(
          `update talk_words set text = $3, changed_at = $4
           where talk_id = $1 and ts = $2 and (changed_at is null or changed_at < $4) returning files`,
          [id, ts, storable(text), at],
        ))
    const [talk] = rows
    if (!line.rows[0] || !talk?.passage) continue
    const lostFiles = text === null ? line.rows[0].files : []
    changed.push({ became: talk.became, passage: talk.passage, words: await wordsOfTalk(tx, id), lostFiles })
  }
  return changed
}
