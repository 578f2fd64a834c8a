import type { Rule } from './verdict.ts'

/** A mail that could not be read at all. Its raw bytes are kept; a person is told. */
export const unreadable: Rule = (mail) => (mail.unreadable ? { kind: 'rejected', reason: 'unreadable' } : null)
