import type { WholeForm } from '../ticket/form.ts'
import type { Db } from './database.ts'

/** Keeps a form, once: its version is made of its content, so what is there already is the same. */
export async function saveFormVersion(db: Db, { form, labels }: WholeForm, now: Date): Promise<void> {
  await db.query(
    `insert into form_versions (version, name, form, labels, since) values ($1, $2, $3, $4, $5)
     on conflict (version) do nothing`,
    [form.version, form.name, JSON.stringify(form), JSON.stringify(labels), now],
  )
}

/** The form of this version with its words, or null when none was kept under it. */
export async function formVersion(db: Db, version: string): Promise<WholeForm | null> {
  const known = seen.get(version)
  if (known) return known
  const { rows } = await db.query('select form, labels from form_versions where version = $1', [version])
  if (!rows[0]) return null
  const found: WholeForm = { form: rows[0].form, labels: rows[0].labels }
  if (seen.size >= MOST_SEEN) seen.delete(seen.keys().next().value!)
  seen.set(version, found)
  return found
}

// A version never changes, so that one read is enough. Few are in use at a time; each has some 30 KB.
const seen = new Map<string, WholeForm>()
const MOST_SEEN = 50
