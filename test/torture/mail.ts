import type { Figure } from './figure.ts'
import { killed } from './g1-killed.ts'
import { cutLines } from './g7-cut-lines.ts'
import { deadLines } from './g8-dead-lines.ts'
import { newUids } from './g9-new-uids.ts'
import { oldMail } from './g10-old-mail.ts'
import { secondClient } from './g11-second-client.ts'
import { hostileMail } from './g12-hostile-mail.ts'
import { hijack } from './g13-hijack.ts'
import { proof } from './g14-proof.ts'
import { twoDesks } from './g15-two-desks.ts'
import { victims } from './g16-victims.ts'
import { kindsOfMail } from './g17-kinds.ts'
import { slackWords } from './g18-slack-words.ts'
import { pages } from './g19-pages.ts'
import { injection } from './g20-injection.ts'

/** The figures about mail, in the order they are measured. */
export const mailFigures: Figure[] = [
  killed,
  cutLines,
  deadLines,
  newUids,
  oldMail,
  secondClient,
  hostileMail,
  hijack,
  proof,
  twoDesks,
  victims,
  kindsOfMail,
  slackWords,
  pages,
  injection,
]
