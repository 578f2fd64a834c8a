import type { WatchedMailbox } from '../../src/mail/mailbox.ts'
import type { TcpProxy } from '../support/proxy.ts'

/** What a lying IMAP server makes of one of its lines; null: not a line for this lie. */
export type Lie = (line: string) => string | 'cut' | null

const when =
  (pattern: RegExp, become: string | ((found: RegExpExecArray) => string)): Lie =>
  (line) => {
    const found = pattern.exec(line)
    if (!found) return null
    return typeof become === 'string' ? become : become(found)
  }
const size = /RFC822\.SIZE (\d+)/
const replaced = (pattern: RegExp, by: (found: RegExpExecArray) => string): Lie =>
  when(pattern, (found) => found.input.replace(found[0], by(found)))

export const lies: Record<string, Lie> = {
  'a size too large': replaced(size, ([, bytes]) => `RFC822.SIZE ${Number(bytes) + 1000}`),
  'a size too small': replaced(size, () => 'RFC822.SIZE 1'),
  'no size': replaced(/ ?RFC822\.SIZE \d+/, () => ''),
  'no mail found': when(/^\* SEARCH \d.*/, '* SEARCH\r\n'),
  'a UID from the far future': replaced(/^\* SEARCH( \d+)*/, ([all]) => `${all} 4294967294`),
  'UIDs of long ago': replaced(/^\* SEARCH \d/, ([all]) => all.replace('SEARCH', 'SEARCH 0')),
  'searching refused': when(/^(\S+) OK (\[\S+\] )?(UID )?SEARCH/i, ([, tag]) => `${tag} NO Busy\r\n`),
  'fetching refused': when(/^(\S+) OK (\[\S+\] )?(UID )?FETCH/i, ([, tag]) => `${tag} NO Busy\r\n`),
  'fetching not understood': when(/^(\S+) OK (\[\S+\] )?(UID )?FETCH/i, ([, tag]) => `${tag} BAD What?\r\n`),
  'marking refused': when(/^(\S+) OK (\[\S+\] )?(UID )?STORE/i, ([, tag]) => `${tag} NO Read-only\r\n`),
  'another UID': replaced(/^\* \d+ FETCH \(UID (\d+)/, ([all, uid]) =>
    all.replace(`UID ${uid}`, `UID ${Number(uid) + 7000}`),
  ),
  'a mail left out': when(/^\* \d+ FETCH \(.*RFC822\.SIZE.*/s, ''),
  'a body of nothing': replaced(/BODY\[\] \{\d+\}/, () => 'BODY[] NIL X {0}'),
  'a mail nobody asked for': when(/^\* (\d+) FETCH .*/s, ([line]) => `* 1 FETCH (UID 99999 FLAGS ())\r\n${line}`),
  'a million new mails': when(/^\* SEARCH.*/s, ([line]) => `* 1000000 EXISTS\r\n${line}`),
  'everything expunged': when(/^\* SEARCH.*/s, ([line]) => `${'* 1 EXPUNGE\r\n'.repeat(5)}${line}`),
  'goodbye in mid-sentence': when(/^\* SEARCH.*/s, '* BYE Server going down\r\n'),
  'nonsense between the lines': when(
    /^\* SEARCH.*/s,
    ([line]) => `* \u0001\u0002 (((((\r\n* WOMBAT {3}\r\nabc\r\n${line}`,
  ),
  'an answer given twice': when(/^\S+ OK (\[\S+\] )?(UID )?FETCH.*/is, ([line]) => `${line}${line}`),
  'an answer to nobody': when(/^\* SEARCH.*/s, ([line]) => `zzz99 OK FETCH completed\r\n${line}`),
  'a date that is none': replaced(/INTERNALDATE "[^"]*"/, () => 'INTERNALDATE "yesterday"'),
  'another UIDVALIDITY': replaced(/UIDVALIDITY \d+/, () => 'UIDVALIDITY 7'),
  'no UIDVALIDITY': when(/^\* OK \[UIDVALIDITY.*/s, ''),
  'no UIDNEXT': when(/^\* OK \[UIDNEXT.*/s, ''),
  silence: when(/^\* SEARCH.*/s, ''),
  'a dropped line': when(/^\* SEARCH.*/s, 'cut'),
}

/**
 * Has a mailbox read through `proxy` while the server lies up to three times, with mail before, during and after that.
 * How often it lied, or 'stuck' when the reading of it never came to its end. The mailbox is no longer watched then.
 */
export async function tellLie(
  proxy: TcpProxy,
  lie: Lie,
  put: (when: string) => void,
  watch: () => WatchedMailbox,
): Promise<number | 'stuck'> {
  let told = 0
  proxy.rewrite = (line) => {
    const said = told < 3 ? lie(line) : null
    if (said !== null) told++
    return said ?? line
  }
  put('before')
  const mailbox = watch()
  const sweep = () => withinSeconds(20, mailbox.sweepNow())
  let isDone = await sweep()
  put('meanwhile')
  for (let round = 0; isDone && told > 0 && told < 3 && round < 10; round++) isDone = await sweep()
  // What was said when the mailbox was opened is said again only to a new connection.
  proxy.drop()
  isDone &&= await sweep()
  proxy.rewrite = null
  proxy.drop()
  put('after')
  isDone &&= await sweep()
  await mailbox.stop()
  return isDone ? told : 'stuck'
}

async function withinSeconds(seconds: number, work: Promise<void>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, seconds * 1000, false)
  })
  const done = work.then(
    () => true,
    () => false,
  )
  return Promise.race([done, late]).finally(() => clearTimeout(timer))
}
