import { createHmac } from 'node:crypto'
import type { Acknowledgement, Envelope, Transport } from './delivery.ts'
import type { Workspace } from './store.ts'

/** Signed HTTP as Slack sends it: events as JSON, commands as a form, interactions as `payload=` in a form. */
export class SignedHttp implements Transport {
  private readonly workspace: Workspace
  private readonly url: string
  private readonly stopping = new AbortController()

  constructor(workspace: Workspace, url: string) {
    this.workspace = workspace
    this.url = url
  }

  connected(): boolean {
    return !this.stopping.signal.aborted
  }

  /** Asks the request URL to prove itself, as Slack does when the URL is entered: the challenge must come back. */
  async verifyUrl(): Promise<boolean> {
    const challenge = this.workspace.secret()
    const answer = await this.post(JSON.stringify({ type: 'url_verification', challenge }), 'application/json', 3000)
    return answer.ok && (answer.body === challenge || (answer.body as { challenge?: string })?.challenge === challenge)
  }

  send(envelope: Envelope, ackMs: number): Promise<Acknowledgement> {
    const { kind, payload, retry } = envelope
    const headers: Record<string, string> = retry
      ? { 'x-slack-retry-num': String(retry.attempt), 'x-slack-retry-reason': retry.reason }
      : {}
    if (kind === 'events_api') return this.post(JSON.stringify(payload), 'application/json', ackMs, headers)
    const fields = kind === 'interactive' ? { payload: JSON.stringify(payload) } : (payload as Record<string, string>)
    return this.post(new URLSearchParams(fields).toString(), 'application/x-www-form-urlencoded', ackMs, headers)
  }

  private async post(
    body: string,
    contentType: string,
    ackMs: number,
    headers: Record<string, string> = {},
  ): Promise<Acknowledgement> {
    // The machine's time, not the movable clock's: Bolt compares it with its own and refuses what is five minutes off.
    const timestamp = String(Math.floor(Date.now() / 1000))
    try {
      const response = await fetch(this.url, {
        method: 'POST',
        body,
        redirect: 'manual',
        headers: {
          ...headers,
          'content-type': contentType,
          'user-agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
          'x-slack-request-timestamp': timestamp,
          'x-slack-signature': signature(this.workspace.app.signingSecret, timestamp, body),
        },
        signal: AbortSignal.any([AbortSignal.timeout(ackMs), this.stopping.signal]),
      })
      const text = await response.text()
      if (response.ok) return { ok: true, body: parsed(text, response.headers.get('content-type')) }
      const error = response.status >= 500 ? 'http_service_error' : 'http_client_error'
      return { ok: false, error, noRetry: response.headers.get('x-slack-no-retry') === '1' }
    } catch (error) {
      return { ok: false, error: (error as Error).name === 'TimeoutError' ? 'operation_timeout' : 'dispatch_failed' }
    }
  }

  async close(): Promise<void> {
    this.stopping.abort()
  }
}

/** `v0=` and the HMAC of `v0:timestamp:raw body` (/authentication/verifying-requests-from-slack). */
export function signature(secret: string, timestamp: string, body: string): string {
  return `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex')}`
}

function parsed(text: string, contentType: string | null): unknown {
  if (text === '') return undefined
  if (!contentType?.includes('json')) return text
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
