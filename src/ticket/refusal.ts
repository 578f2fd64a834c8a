export type RefusalCode =
  | 'not-yours'
  | 'agents-only'
  | 'ticket-closed'
  | 'already-solved'
  | 'already-pending'
  | 'already-open'
  | 'already-taken'
  | 'taken-by-you'
  | 'already-sent'
  | 'too-late-to-reopen'
  | 'not-solved'
  | 'no-such-ticket'
  | 'rating-final'
  | 'bad-score'
  | 'nothing-said'
  | 'file-too-large'
  | 'too-many-ccs'
  | 'already-yours'
  | 'too-many-codes'
  | 'no-codes-now'
  | 'code-wrong'
  | 'code-over'
  | 'access-code-over'
  | 'address-in-slack'
  | 'mail-decided'
  | 'mail-settled'
  | 'mail-without-sender'
  | 'mail-not-kept'

/** A person asked for what cannot be done. Shown to them, where they asked, from `templates/<locale>/labels.json` under `refusal.<code>`. */
export class Refusal extends Error {
  readonly code: RefusalCode
  readonly params: Record<string, string | number>

  constructor(code: RefusalCode, params: Record<string, string | number> = {}) {
    super(code)
    this.name = 'Refusal'
    this.code = code
    this.params = params
  }
}
