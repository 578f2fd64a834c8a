import type { Rule } from './verdict.ts'

/** The same content twice is one event. The same Message-ID with other content is two: the caller compares content. */
export const duplicate: Rule = (_mail, facts) =>
  facts.knownDuplicateOf === null ? null : { kind: 'duplicate', of: facts.knownDuplicateOf, reason: 'duplicate' }
