import type { Clock } from '../clock.ts'
import type { OAuthSettings } from '../mail/oauth.ts'
import type { Connection } from '../mail/support-mailboxes.ts'
import type { SlackSettings } from '../slack/app.ts'
import type { Log } from '../slack/listening.ts'

/** Everything the product needs to be told; where it comes from (settings, embedded defaults, a test) is the caller's. */
export interface ProductSettings {
  databaseUrl: string
  dataDir: string
  templatesDir: string
  /** Where help articles lie, in place of the folder that the desk file names; false: nowhere. */
  articlesDir?: string | false | undefined
  publicUrl: string
  companyName?: string | undefined
  secret: string
  maxFileBytes: number
  /** How long an agent's reply can be taken back before it leaves; 0: not at all. */
  undoSeconds: number
  /** `paceMs`: silence between two posts in a channel. */
  slack: SlackSettings & { triageChannel: string; command: string; paceMs: number }
  mail: {
    imapUrl: string
    smtpUrl: string
    supportAddress: string
    supportName: string
    /** The name under which our mail server writes Authentication-Results; signatures are checked by ourselves without it. */
    authservId?: string | undefined
    oauth?: OAuthSettings | undefined
    /** How the mailboxes of desk.yaml are reached, by their keys; left out in the sandbox. */
    mailboxes?: Record<string, Connection> | undefined
  }
  clock: Clock
  log: Log
}
