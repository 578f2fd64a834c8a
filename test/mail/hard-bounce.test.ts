import { expect, test } from 'vitest'
import { isHardBounce } from '../../src/mail/hard-bounce.ts'

test.each([
  '5.1.1',
  '550 5.1.1 The email account that you tried to reach does not exist',
  '550-5.1.1 <ada@acme.example>: Recipient address rejected: User unknown',
  '550 5.1.10 RESOLVER.ADR.RecipientNotFound',
  '553 5.1.3 bad address syntax',
  '550 No such user here',
  '551 user unknown',
])('nobody is there: %s', (words) => expect(isHardBounce(words)).toBe(true))

test.each([
  '',
  '450 4.1.1 try again later',
  '552 5.2.2 Mailbox full',
  '550 5.7.1 blocked by policy: user unknown to our reputation service',
  '552 5.3.4 message too big',
  '550 5.4.1 relay access denied',
  '550 spam is not welcome',
  '421 no such user',
  '2.1.1',
])('this mail was refused, not the address: %s', (words) => expect(isHardBounce(words)).toBe(false))
