import type { ArticleLine } from '../../ticket/article.ts'
import type { Db, Tx } from '../database.ts'
import { lineOf } from './articles.ts'

/** Follows an article or no longer (ART-01). Twice is once; what nobody outside may read is not followed. */
export async function follow(tx: Tx, contactId: number, articleId: number, now: Date): Promise<void> {
  await tx.query(
    `insert into article_follows (contact_id, article_id, at)
     select $1, id, $3 from articles where id = $2 and removed_at is null and audience = 'everyone'
     on conflict do nothing`,
    [contactId, articleId, now],
  )
}

export async function unfollow(tx: Tx, contactId: number, articleId: number): Promise<void> {
  await tx.query('delete from article_follows where contact_id = $1 and article_id = $2', [contactId, articleId])
}

export async function isFollowing(db: Db, contactId: number, articleId: number): Promise<boolean> {
  const { rowCount } = await db.query('select from article_follows where contact_id = $1 and article_id = $2', [
    contactId,
    articleId,
  ])
  return rowCount === 1
}

/** What somebody follows, last changed first, and how many there are in all (ART-02). */
export async function followedArticles(
  db: Db,
  contactId: number,
  limit: number,
): Promise<{ articles: ArticleLine[]; total: number }> {
  const { rows } = await db.query(
    `select a.id, a.title, a.language, a.section, a.url, a.changed_at, left(a.text, 500) as text, count(*) over () as total
     from article_follows f join articles a on a.id = f.article_id
     where f.contact_id = $1 and a.removed_at is null and a.audience = 'everyone'
     order by a.changed_at desc, a.id desc limit $2`,
    [contactId, limit],
  )
  return { articles: rows.map(lineOf), total: rows[0]?.total ?? 0 }
}
