import type { Status } from './ticket.ts'

/** Whose requests: my own, those I am copied on, those of my organisation, or mine that I can rate and have not. */
export type Scope = (typeof scopes)[number]
export const scopes = ['mine', 'cc', 'organization', 'unrated'] as const

/** How the desk file wants the history: what it is filtered by (X7), and whether a solved request is over (STA-11, X8). */
export interface HistoryTerms {
  filters: StatusFilter[]
  /** A solved request can still be reopened; a desk may call it done all the same. */
  solvedIsActive: boolean
}

/** The statuses that a list of what is active holds. */
export function activeStatuses({ solvedIsActive }: HistoryTerms): Status[] {
  return solvedIsActive ? ['open', 'pending', 'solved'] : ['open', 'pending']
}

/** What a list is filtered by beside a status of its own. */
export type StatusFilter = Status | 'active'
export const filters = ['active', 'open', 'pending', 'solved', 'closed'] as const satisfies StatusFilter[]

/** All there are, and solved requests count as active: unless the desk file says otherwise. */
export const usualHistory: HistoryTerms = { filters: [...filters], solvedIsActive: true }

/** Where a page begins or ends: beside the request `id`, whose last activity was at `at` (ms since 1970) when it was shown. */
export interface Edge {
  side: 'after' | 'before'
  at: number
  id: number
}

/** How somebody looks at the request history: kept, so that what is drawn again shows the same. */
export interface HistoryView {
  scope: Scope
  /** Null: any. */
  status: StatusFilter | null
  /** What was typed into the search; empty for none. */
  search: string
  oldestFirst: boolean
  /** Null: the first page. */
  edge: Edge | null
}

/** What somebody sees who has not chosen anything: their own requests, any status, latest activity first (CLI-04). */
export const freshView: HistoryView = { scope: 'mine', status: null, search: '', oldestFirst: false, edge: null }

/** The number in a search that is nothing but a ticket's number, as people write it; null for words. */
export function numberIn(search: string): number | null {
  const digits = /^\s*(?:#|n[.ºo°]*\s*)?(\d{1,15})\s*$/i.exec(search)?.[1]
  return digits ? Number(digits) : null
}

/** As much of a search as anybody types, in UTF-16 units as Slack's fields count. */
export const LONGEST_SEARCH = 200

/**
 * What is looked for of what was typed or pasted: without what no database takes, half an emoji at the cut, and the signs of
 * direction and width that come along with what is copied and that nobody sees.
 */
export function searchOf(typed: string): string {
  const seen = typed.replaceAll('\0', ' ').replace(/[\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g, '')
  const cut = seen.trim().slice(0, LONGEST_SEARCH)
  return cut.replace(/[\ud800-\udbff]$/, '').toWellFormed()
}
