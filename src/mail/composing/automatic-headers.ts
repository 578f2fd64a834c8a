/**
 * What a mail that nobody wrote says of itself: `auto-replied` if it answers a mail, else `auto-generated` (RFC 3834 §5), so
 * that nobody answers it but a person. Another desk, or our own mailbox, recognises by X-Loop what we sent (threats E16).
 */
export function automaticHeaders(ownAddress: string, kind: 'auto-replied' | 'auto-generated'): Record<string, string> {
  return {
    'X-Loop': ownAddress,
    'Auto-Submitted': kind,
    // Exchange's way to ask for no out-of-office reply and no receipt.
    'X-Auto-Response-Suppress': 'All',
  }
}
