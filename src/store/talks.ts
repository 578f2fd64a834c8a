import type { Attachment } from '../ticket/ticket.ts'
import type { Db, Tx } from './database.ts'
import type { SlackUser } from './people.ts'
import { storable, storableIn } from './storable.ts'

/** Something somebody said in Slack, as it is brought along. `ts` is Slack's, seconds since 1970. */
export interface TalkWords {
  ts: string
  author: string
  /** Slack's id of whoever wrote it; null for an app. */
  authorId: string | null
  isOwn: boolean
  text: string
  files: Attachment[]
}

/** What somebody brought to the desk outside of any request, until they say what it is. */
export interface Talk {
  id: string
  kind: 'direct' | 'mention' | 'message'
  channel: string
  /** The thread the lines stand in; null for lines of the conversation itself. */
  threadTs: string | null
  channelName: string | null
  /** The message that was pressed, of a `message`. */
  pressedTs: string | null
  askedTs: string | null
  /** The thread around the message could not be read. */
  isUnread: boolean
  /** Messages of the thread that are not among the words, because they were too many. */
  leftOut: number
  settledAt: Date | null
  /** Oldest first. */
  words: TalkWords[]
}

/** Lines written in a row are one talk, and asked about once. */
const SAME_TALK_MINUTES = 15

/** Makes others of this person wait, so that two lines at once do not begin two talks. */
export async function lockTalks(tx: Tx, user: SlackUser): Promise<void> {
  await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 3))', [`${user.teamId}/${user.userId}`])
}

/** The talk that a line written now belongs to: the last one in this thread, if it is not long over; else null. */
export async function openTalk(
  tx: Tx,
  user: SlackUser,
  { channel, threadTs }: Pick<Talk, 'channel' | 'threadTs'>,
  now: Date,
): Promise<string | null> {
  const { rows } = await tx.query<{ id: string }>(
    `select id from talks where team_id = $1 and user_id = $2 and channel = $3 and thread_ts is not distinct from $6 and kind = 'direct' and settled_at is null
       and last_at > $4::timestamptz - make_interval(mins => $5) order by last_at desc limit 1`,
    [user.teamId, user.userId, channel, now, SAME_TALK_MINUTES, threadTs],
  )
  return rows[0]?.id ?? null
}

/** Begins a talk and answers with its id. Talks that nobody said anything about for a month are gone. */
export async function beginTalk(
  tx: Tx,
  user: SlackUser,
  talk: Pick<Talk, 'kind' | 'channel' | 'threadTs' | 'channelName' | 'pressedTs' | 'isUnread' | 'leftOut'>,
  now: Date,
): Promise<string> {
  await tx.query(`delete from talks where last_at < $1::timestamptz - interval '30 days'`, [now])
  const { rows } = await tx.query<{ id: string }>(
    `insert into talks (team_id, user_id, kind, channel, channel_name, pressed_ts, is_unread, left_out, last_at, thread_ts)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) returning id`,
    [
      user.teamId,
      user.userId,
      talk.kind,
      talk.channel,
      talk.channelName,
      talk.pressedTs,
      talk.isUnread,
      talk.leftOut,
      now,
      talk.threadTs,
    ],
  )
  return rows[0]!.id
}

export async function addWords(tx: Tx, talkId: string, channel: string, words: TalkWords, now: Date): Promise<void> {
  await tx.query(
    `insert into talk_words (talk_id, channel, ts, author, is_own, text, files, author_id)
     values ($1, $2, $3, $4, $5, $6, $7, $8)
     on conflict do nothing`,
    [
      talkId,
      channel,
      words.ts,
      storable(words.author),
      words.isOwn,
      storable(words.text),
      JSON.stringify(storableIn(words.files)),
      words.authorId,
    ],
  )
  await tx.query('update talks set last_at = $2 where id = $1', [talkId, now])
}

/** Follows an edit or, with null, a deletion of a line that still waits for its writer's word. */
export async function changeWords(db: Db, channel: string, ts: string, text: string | null): Promise<void> {
  if (text === null) await db.query('delete from talk_words where channel = $1 and ts = $2', [channel, ts])
  else await db.query('update talk_words set text = $3 where channel = $1 and ts = $2', [channel, ts, storable(text)])
}

export async function saveAsked(tx: Tx, talkId: string, askedTs: string): Promise<void> {
  await tx.query('update talks set asked_ts = $2 where id = $1', [talkId, askedTs])
}

/** The talk with this id if it is this person's; else null. */
export async function talkOf(db: Db, user: SlackUser, id: string): Promise<Talk | null> {
  if (!uuid.test(id)) return null
  const { rows } = await db.query('select * from talks where id = $1 and team_id = $2 and user_id = $3', [
    id,
    user.teamId,
    user.userId,
  ])
  const row = rows[0]
  if (!row) return null
  const words = await db.query('select * from talk_words where talk_id = $1 order by ts', [id])
  return {
    id: row.id,
    kind: row.kind,
    channel: row.channel,
    threadTs: row.thread_ts,
    channelName: row.channel_name,
    pressedTs: row.pressed_ts,
    askedTs: row.asked_ts,
    isUnread: row.is_unread,
    leftOut: row.left_out,
    settledAt: row.settled_at,
    words: words.rows.map(toWords),
  }
}

/** Leaves of a talk only what this person wrote; the rest counts as left out. */
export async function keepWordsOf(tx: Tx, talkId: string, authorId: string): Promise<void> {
  const { rowCount } = await tx.query('delete from talk_words where talk_id = $1 and author_id is distinct from $2', [
    talkId,
    authorId,
  ])
  await tx.query('update talks set left_out = left_out + $2 where id = $1', [talkId, rowCount])
}

/**
 * Marks a talk as done with; its words live on in what they became, or nowhere. Answers with them as they are at this moment,
 * without what is being deleted; null when it was done with before.
 */
export async function settleTalk(tx: Tx, id: string, now: Date): Promise<TalkWords[] | null> {
  const { rowCount } = await tx.query('update talks set settled_at = $2 where id = $1 and settled_at is null', [
    id,
    now,
  ])
  const { rows } = await tx.query('delete from talk_words where talk_id = $1 returning *', [id])
  return rowCount === 1 ? rows.map(toWords).sort((one, other) => (one.ts < other.ts ? -1 : 1)) : null
}

function toWords({ ts, author, author_id, is_own, text, files }: Record<string, unknown>): TalkWords {
  return { ts, author, authorId: author_id, isOwn: is_own, text, files } as TalkWords
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
