/** A Web API call that Slack refuses: its error code and whatever else stands in the answer. */
export class Refused extends Error {
  readonly code: string
  readonly answer: Record<string, unknown>
  readonly status: number
  readonly headers: Record<string, string>

  constructor(
    code: string,
    answer: Record<string, unknown> = {},
    http: { status?: number; headers?: Record<string, string> } = {},
  ) {
    super(code)
    this.code = code
    this.answer = answer
    this.status = http.status ?? 200
    this.headers = http.headers ?? {}
  }
}

/** `invalid_arguments` with its explanations, as Slack words them. */
export function invalidArguments(...messages: string[]): Refused {
  return new Refused('invalid_arguments', {
    response_metadata: { messages: messages.map((message) => `[ERROR] ${message}`) },
  })
}
