import { useEffect, useState } from 'preact/hooks'

/** Where one is on the page. It lives in the address after '#', so that back, reload and a bookmark work. */
export interface Place {
  /** Slack id of the person one is. */
  person: string
  tab: 'slack' | 'mail' | 'both'
  /** A channel's id, 'home' or 'messages' of the app; '' is the list (what a phone shows first). */
  slack: string
  /** ts of the message whose thread is open. */
  thread: string
  /** Whose mailbox; '' is one's own. */
  mailbox: string
  folder: 'INBOX' | 'Sent'
  /** The mail that is open, or 'new'. */
  mail: string
}

const first: Place = { person: '', tab: 'slack', slack: '', thread: '', mailbox: '', folder: 'INBOX', mail: '' }
/** What each person had open, so that switching between two people does not lose the place. */
const left = new Map<string, Place>()

function read(): Place {
  const said = Object.fromEntries(new URLSearchParams(location.hash.slice(1)))
  return { ...first, ...said } as Place
}

/** Goes somewhere else; what is not named stays, except that a new channel or mailbox has no thread or mail open yet. */
export function go(change: Partial<Place>): void {
  const now = read()
  left.set(now.person, now)
  const moved = change.person && change.person !== now.person
  const base = moved ? { ...(left.get(change.person ?? '') ?? first), tab: now.tab } : now
  const next: Place = { ...base, ...change }
  if (change.slack !== undefined && change.thread === undefined) next.thread = ''
  if ((change.mailbox !== undefined || change.folder) && change.mail === undefined) next.mail = ''
  location.hash = written(next)
}

function written(place: Place): string {
  const said = Object.entries(place).filter(([name, value]) => value !== first[name as keyof Place])
  return new URLSearchParams(said).toString()
}

/** Begins as one of these people (the first, unless the address says who), without a step back to before. */
export function begin(people: string[]): void {
  const place = read()
  const person = people.find((id) => id === place.person) ?? people[0] ?? ''
  history.replaceState(null, '', `#${written({ ...place, person })}`)
}

export function usePlace(): Place {
  const [place, set] = useState(read)
  useEffect(() => {
    const moved = () => set(read())
    addEventListener('hashchange', moved)
    return () => removeEventListener('hashchange', moved)
  }, [])
  return place
}
