import { variables } from './config-variables.ts'

/**
 * The connections of further mailboxes, IMAP_URL_<NAME> and SMTP_URL_<NAME>: their names are the installation's own, so no
 * list of variables has them. `byKey` by name as desk.yaml has it, `urls` by variable; what is wrong goes to `problems`.
 */
export function readMailboxes(env: Record<string, string | undefined>, problems: string[]) {
  const byKey: Record<string, { imapUrl: string; smtpUrl: string | undefined }> = {}
  const urls: [string, string][] = []
  const named = Object.keys(env).filter((name) => /^(IMAP|SMTP)_URL_[A-Z0-9_]+$/.test(name) && env[name]?.trim())
  // IMAP_URL_… before SMTP_URL_…
  for (const name of named.sort()) {
    const base = name.startsWith('IMAP') ? 'IMAP_URL' : 'SMTP_URL'
    const read = variables[base].schema.safeParse(env[name]?.trim())
    const key = name.slice('IMAP_URL_'.length).toLowerCase().replaceAll('_', '-')
    if (!read.success || !read.data) problems.push(mailboxLine(name, read.error?.issues[0]?.message ?? 'is wrong'))
    else if (base === 'IMAP_URL') byKey[key] = { imapUrl: read.data, smtpUrl: undefined }
    else if (byKey[key]) byKey[key].smtpUrl = read.data
    else problems.push(mailboxLine(name, `goes with IMAP_URL_${name.slice('SMTP_URL_'.length)}, which is missing`))
    if (read.data) urls.push([name, read.data])
  }
  return { byKey, urls }
}

/** A problem of IMAP_URL_<NAME> or SMTP_URL_<NAME>, with where its value is found. */
export function mailboxLine(name: string, problem: string): string {
  return `${name} ${problem}: ${variables[name.startsWith('IMAP') ? 'IMAP_URL' : 'SMTP_URL'].found}`
}
