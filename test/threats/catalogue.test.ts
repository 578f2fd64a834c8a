import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

/**
 * What has gone wrong with mail elsewhere, row by row: how it is met here, the file of src/ that holds the rule, and the
 * test files that fail without it. Tests carry the row's id in their names.
 */
const catalogue = `
E1 | a liar joins, copies and reads nothing | mail/rules/ticket-reply.ts | threats/mail.test.ts threats/matrix.test.ts
E2 | mail of others to a reply address waits for an agent, unseen by the requester | mail/rules/ticket-reply.ts | threats/tricks.test.ts
E3 | ids are random and looked up, never read for a meaning | secrets.ts | threats/mail.test.ts
E4 | reply addresses of 130 bits, matched whole by hash; guessing is told | mail/threading.ts | threats/mail.test.ts threats/matrix.test.ts
E5 | a right secret from the wrong sender is held | mail/rules/ticket-reply.ts | threats/matrix.test.ts mail/held.test.ts
E6 | each ticket that a mail names is joined on its own account or not | mail/rules/ticket-reply.ts | threats/mail.test.ts mail/rules.test.ts
E7 | fields and words of a mail command nothing | mail/rules/index.ts | threats/tricks.test.ts threats/mail.test.ts
E8 | we write to the one From or to nobody | mail/act.ts | threats/mail.test.ts threats/matrix.test.ts
E9 | only the topmost results of our own server count, and only if it removes forged ones | mail/mailbox-check.ts | threats/mailbox-check.test.ts mail/sender/prove-sender.test.ts mail/sender/authentication-results.test.ts
E10 | one From with one address, or unproven | mail/reading/addresses.ts | mail/sender/prove-sender.test.ts mail/mail.test.ts
E11 | an encoded word is never an address | mail/reading/addresses.ts | mail/mail.test.ts mail/sender/prove-sender.test.ts
E12 | the real address is shown, in ASCII | mail/reading/addresses.ts | threats/tricks.test.ts mail/mail.test.ts
E13 | no pass by weak, partial, foreign or From-less signatures | mail/sender/check-signatures.ts | mail/sender/prove-sender.test.ts mail/sender/intake.test.ts
E14 | unknown senders do not get onto a ticket by mail | mail/rules/ticket-reply.ts | threats/matrix.test.ts threats/mail.test.ts
E15 | automatic replies are recorded and change nothing | mail/rules/automatic-reply.ts | mail/rules.test.ts threats/mail.test.ts
E16 | three automatic mails an hour, then silence; our own marks are known | mail/silence.ts | mail/two-desks.test.ts threats/mail.test.ts
E17 | an acknowledgement holds no word of its sender, goes to no liar, and to strangers once a day | mail/silence.ts | threats/acknowledgement.test.ts mail/compose.test.ts
E18 | bounces are attached to the mail they are about and answered by nobody | mail/rules/delivery-report.ts | mail/rules.test.ts story/sending-once.test.ts
E19 | only a report that quotes a mail of ours counts, and for whom that was | mail/act.ts | mail/rules.test.ts story/sending-once.test.ts
E20 | receipts, complaints, reports and lists each have their end, unanswered | mail/rules/index.ts | mail/rules.test.ts
E21 | the same content twice is one event | mail/facts.ts | threats/repeats.test.ts
E22 | nothing is dropped for its Message-ID, of any length | mail/facts.ts | threats/repeats.test.ts threats/mail.test.ts
E23 | timers go by when the server took a mail | mail/sweep.ts | threats/repeats.test.ts
E24 | nothing we write can become a header or a second recipient | mail/outgoing.ts | mail/injection.test.ts mail/transport.test.ts
E25 | no field reads a file or a URL | mail/outgoing.ts | threats/servers.test.ts
E26 | limits on parts, depth and headers; what is over them is kept and shown | mail/reading/parts.ts | threats/limits.test.ts mail/mail.test.ts mail/hostile.test.ts
E27 | address fields are cut before they are read | mail/reading/addresses.ts | threats/limits.test.ts
E28 | reading has its own thread, time and memory | mail/reader.ts | threats/limits.test.ts mail/mail.test.ts
E29 | nothing is unpacked; pictures stay links | mail/reading/bodies.ts | threats/limits.test.ts mail/hostile.test.ts
E30 | files over the limit are refused with a note, the ticket is there | mail/act.ts | threats/limits.test.ts mail/mailbox.test.ts
E31 | no NUL and no half character is stored | store/storable.ts | threats/limits.test.ts mail/mail.test.ts
E32 | names of files are cleaned, where they are kept is generated | mail/reading/filename.ts | threats/limits.test.ts web/files.test.ts
E33 | files leave as downloads, sandboxed, unsniffed | web/files.ts | threats/limits.test.ts web/files.test.ts mail/mail.test.ts
E34 | what cannot be read says so; nothing is fetched | mail/reading/sealed.ts | threats/unread.test.ts
E35 | html is read as words and shown to nobody | mail/reading/html-to-text.ts | threats/unread.test.ts
E36 | no automation acts on what a text says | mail/answers.ts | threats/tricks.test.ts
E37 | text and html are both one press away | mail/whole-mail.ts | threats/unread.test.ts slack/authority.test.ts
E38 | empty and cut mails are tickets; a short read is read again | mail/reading/bodies.ts | threats/repeats.test.ts mail/mail.test.ts mail/mailbox.test.ts
E39 | one mail is one event, in and out | mail/outgoing.ts | threats/repeats.test.ts threats/servers.test.ts
E40 | old mail is left alone; a sweep asks above its cursor | mail/sweep.ts | mail/mailbox.test.ts torture/g10-old-mail.ts
E41 | UIDs given anew are read again and known by their content | mail/sweep.ts | mail/mailbox.test.ts
E42 | what was cut off is read again, never marked | mail/sweep.ts | mail/broken-lines.test.ts mail/mailbox.test.ts
E43 | a silent connection is noticed and replaced | mail/mailbox.ts | mail/mailbox.test.ts
E44 | a server that lies loses, alters and doubles nothing | mail/sweep.ts | mail/lies.test.ts mail/broken-lines.test.ts
E45 | no password in clear, no server unvouched for | mail/imap-connection.ts | threats/servers.test.ts mail/transport.test.ts mail/mailbox.test.ts
E46 | our own mail that comes back goes round once | mail/rules/loop.ts | threats/repeats.test.ts mail/rules.test.ts
E47 | what a server says decides whether a mail is sent again, under its id | mail/transport.ts | threats/servers.test.ts story/sending-once.test.ts mail/transport.test.ts`

test('every threat from E1 to E47 has its rule and its tests', () => {
  const rows = catalogue
    .trim()
    .split('\n')
    .map((row) => row.split(' | ') as [id: string, rule: string, source: string, tests: string])
  expect(rows.map(([id]) => id)).toEqual(Array.from({ length: 47 }, (_, at) => `E${at + 1}`))
  const missing = rows.flatMap(([id, rule, source, tests]) => [
    ...(rule && tests ? [] : [`${id} names no rule or no test`]),
    ...(existsSync(`src/${source}`) ? [] : [`${id}: there is no src/${source}`]),
    ...tests
      .split(' ')
      .filter((file) => !isNamedIn(id, `test/${file}`))
      .map((file) => `${id} is in no test's name in test/${file}`),
  ])
  expect(missing).toEqual([])
})

/** Whether the id stands in the code of a test file: in a name, since code has no use for it; a comment does not count. */
function isNamedIn(id: string, file: string): boolean {
  if (!existsSync(file)) return false
  const lines = readFileSync(file, 'utf8').split('\n')
  const isNamed = (line: string) =>
    new RegExp(`['\`(\\s]${id}[\\s)'\`]`).test(line) && !/^\s*(?:\/\/|\*|\/\*)/.test(line)
  return lines.some((line) => isNamed(line.replace(/\s\/\/.*$/, '')))
}
