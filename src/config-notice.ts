import { type Config, isLoopback } from './config.ts'

/**
 * What was left out and works here all the same, but not for the people outside, in one sentence; null when there is
 * nothing to say. Whoever reads a mail cannot open a link to localhost.
 */
export function noticeOf({ publicUrl, slack, mail }: Pick<Config, 'publicUrl' | 'slack' | 'mail'>): string | null {
  const isConnected = slack !== 'sandbox' || mail !== 'sandbox'
  if (!isConnected || !isLoopback(new URL(publicUrl).hostname)) return null
  return `links to files, questions and ratings lead to ${publicUrl}, which only this machine can open: set PUBLIC_URL to the address where people reach it`
}
