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
  /** What it said when a description was begun with it; the same as `text` while it was not changed since. */
  begun: string
}

/** Words that nobody has begun anything with yet. */
export type FreshWords = Omit<TalkWords, 'begun'>

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

/**
 * The talk that a line written now belongs to: the last one in this thread, if it is not long over; else null. Nobody settles
 * it before this transaction ends.
 */
export async function openTalk(
  tx: Tx,
  user: SlackUser,
  { channel, threadTs }: Pick<Talk, 'channel' | 'threadTs'>,
  now: Date,
): Promise<string | null> {
  const { rows } = await tx.query<{ id: string }>(
    `update talks set last_at = $4 where settled_at is null and id = (
       select id from talks where team_id = $1 and user_id = $2 and channel = $3 and thread_ts is not distinct from $6
         and kind = 'direct' and settled_at is null and last_at > $4::timestamptz - make_interval(mins => $5)
       order by last_at desc limit 1)
     returning id`,
    [user.teamId, user.userId, channel, now, SAME_TALK_MINUTES, threadTs],
  )
  return rows[0]?.id ?? null
}

/**
 * Begins a talk and answers with its id. Talks that nobody said anything about for a month are gone, and those that became
 * part of a ticket a month after it was closed: until then edits of their lines are followed.
 */
export async function beginTalk(
  tx: Tx,
  user: SlackUser,
  talk: Pick<Talk, 'kind' | 'channel' | 'threadTs' | 'channelName' | 'pressedTs' | 'isUnread' | 'leftOut'>,
  now: Date,
): Promise<string> {
  await tx.query(
    `with gone as (
       delete from talks where last_at < $1::timestamptz - interval '30 days' and not exists (
         select from handled_sources h join tickets k on k.id = h.ticket_id where h.source = talks.became
           and (k.closed_at is null or k.closed_at > $1::timestamptz - interval '30 days'))
       returning id)
     delete from slack_messages m using gone where m.slot = 'way-in/' || gone.id`,
    [now],
  )
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

export async function addWords(tx: Tx, talkId: string, channel: string, words: FreshWords, now: Date): Promise<void> {
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

/** Remembers what the lines said when a description was begun with them. */
export async function beginWith(db: Db, { id, words }: Pick<Talk, 'id' | 'words'>): Promise<void> {
  await db.query(
    `update talk_words w set begun = said.text from unnest($2::text[], $3::text[]) said (ts, text)
     where w.talk_id = $1 and w.ts = said.ts`,
    [id, words.map(({ ts }) => ts), words.map(({ text }) => text)],
  )
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
  return {
    id: row.id,
    kind: row.kind,
    channel: row.channel,
    threadTs: row.thread_ts,
    channelName: row.channel_name,
    pressedTs: row.pressed_ts,
    isUnread: row.is_unread,
    leftOut: row.left_out,
    settledAt: row.settled_at,
    words: await wordsOfTalk(db, id),
  }
}

/** A talk as the question about it shows it. `became`: null while its writer has not said what it is. */
export interface AskedTalk extends Pick<Talk, 'kind' | 'channel' | 'threadTs'> {
  userId: string
  hasWords: boolean
  became: { kind: 'opened' | 'added'; number: number } | { kind: 'dropped' } | null
}

export async function askedTalk(db: Db, id: string): Promise<AskedTalk | null> {
  const { rows } = await db.query(
    `select t.*, h.ticket_id, exists (select from talk_words w where w.talk_id = t.id) as has_words
     from talks t left join handled_sources h on h.source = t.became where t.id = $1`,
    [id],
  )
  const row = rows[0]
  if (!row) return null
  const kind = row.became?.startsWith('slack/draft/') ? 'opened' : 'added'
  const became = row.ticket_id === null ? { kind: 'dropped' as const } : ({ kind, number: row.ticket_id } as const)
  return {
    kind: row.kind,
    channel: row.channel,
    userId: row.user_id,
    threadTs: row.thread_ts,
    hasWords: row.has_words,
    became: row.settled_at === null ? null : became,
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
 * Marks a talk as done with. Answers with its words as they are at this moment, without what is being deleted; null when it
 * was done with before. They are kept, for edits to come, where they become part of something under the source `became`.
 */
export async function settleTalk(
  tx: Tx,
  id: string,
  now: Date,
  became: string | null = null,
): Promise<TalkWords[] | null> {
  const { rowCount } = await tx.query(
    'update talks set settled_at = $2, became = $3 where id = $1 and settled_at is null',
    [id, now, became],
  )
  if (rowCount !== 1) return null
  // Written also where they are kept: so it waits for whoever is deleting one.
  const { rows } = await tx.query(
    became === null
      ? 'delete from talk_words where talk_id = $1 returning *'
      : 'update talk_words set begun = coalesce(begun, text) where talk_id = $1 returning *',
    [id],
  )
  return rows.map(toWords).sort((one, other) => (one.ts < other.ts ? -1 : 1))
}

/** Oldest first. */
export async function wordsOfTalk(db: Db, id: string): Promise<TalkWords[]> {
  const { rows } = await db.query('select * from talk_words where talk_id = $1 order by ts', [id])
  return rows.map(toWords)
}

function toWords({ ts, author, author_id, is_own, text, files, begun }: Record<string, unknown>): TalkWords {
  return { ts, author, authorId: author_id, isOwn: is_own, text, files, begun: begun ?? text } as TalkWords
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
