import type { IncomingMessage, ServerResponse } from 'node:http'
import { METHODS } from './methods/index.ts'
import type { Context, Json, Method } from './methods/method.ts'
import { Pace, rateLimited } from './pace.ts'
import { invalidArguments, Refused } from './refused.ts'
import type { Fault } from './stand-in.ts'
import type { ApiCall } from './types.ts'

const LOG_KEPT = 20_000
const BODY_LIMIT_BYTES = 8 * 1024 * 1024

/** The Web API: one call from HTTP request to JSON answer, with token, scopes, arguments, pace and faults. */
export class WebApi {
  readonly calls: ApiCall[] = []
  readonly faults: { method: string; fault: Fault; left: number }[] = []
  private readonly context: Context
  private readonly pace: Pace | undefined
  private inProgress = 0

  constructor(context: Context, pace: 'strict' | 'off') {
    this.context = context
    this.pace = pace === 'strict' ? new Pace(context.workspace.clock) : undefined
  }

  get busy(): boolean {
    return this.inProgress > 0
  }

  async answer(method: string, req: IncomingMessage, res: ServerResponse): Promise<void> {
    this.inProgress += 1
    const { workspace } = this.context
    const call: ApiCall = {
      method,
      args: {},
      token: 'none',
      ok: false,
      status: 200,
      at: workspace.clock.now().getTime(),
    }
    this.calls.push(call)
    if (this.calls.length > LOG_KEPT) this.calls.shift()
    try {
      const { args, token } = await read(req)
      call.args = args
      call.token = this.kindOf(token)
      const fault = this.fault(method)
      if (fault?.hangMs) await new Promise((resolve) => setTimeout(resolve, fault.hangMs))
      refuseByFault(fault)
      const answer = await this.run(method, args, token)
      call.ok = true
      if (fault?.acceptThenDrop) {
        req.socket.destroy()
        return
      }
      send(res, 200, { ok: true, ...answer }, { 'x-oauth-scopes': workspace.app.scopes.join(',') })
    } catch (error) {
      const refused =
        error instanceof Refused ? error : new Refused('internal_error', { detail: String(error) }, { status: 500 })
      Object.assign(call, { error: refused.code, status: refused.status })
      send(res, refused.status, { ok: false, error: refused.code, ...refused.answer }, refused.headers)
    } finally {
      this.inProgress -= 1
    }
  }

  private async run(name: string, args: Json, token: string | undefined): Promise<Json> {
    const method = METHODS[name]
    if (!method) throw new Refused('unknown_method', { req_method: name })
    this.admit(method, token)
    const typed = inTypes(method, args)
    this.checkScopes(method, typed)
    const missing = (method.required ?? []).filter(
      (argument) => typed[argument] === undefined || typed[argument] === '',
    )
    if (missing.length > 0) throw invalidArguments(...missing.map((argument) => `missing required field: ${argument}`))
    if (method.perMinute) this.pace?.call(name, method.perMinute)
    if (name === 'chat.postMessage') this.pace?.post(this.channelOf(String(typed.channel)))
    return method.run(typed, this.context)
  }

  /** A person's id stands for their direct message, so that both count as one channel. */
  private channelOf(id: string): string {
    const { workspace } = this.context
    const isTheirs = (members: string[]) => members.includes(id) && members.includes(workspace.app.botUserId)
    return workspace.channels.find((channel) => channel.kind === 'im' && isTheirs(channel.members))?.id ?? id
  }

  private kindOf(token: string | undefined): ApiCall['token'] {
    const { app } = this.context.workspace
    if (token === undefined || token === '') return 'none'
    return token === app.botToken ? 'bot' : token === app.appToken ? 'app' : 'other'
  }

  private admit(method: Method, token: string | undefined): void {
    const kind = this.kindOf(token)
    if (method.token === 'none') return
    if (kind === 'none') throw new Refused('not_authed')
    if (kind === 'other') throw new Refused('invalid_auth')
    if (kind !== (method.token ?? 'bot')) throw new Refused('not_allowed_token_type')
  }

  private checkScopes(method: Method, args: Json): void {
    const needed = typeof method.scopes === 'function' ? method.scopes(args, this.context) : method.scopes
    const { scopes } = this.context.workspace.app
    if (!needed || needed.some((scope) => scopes.includes(scope))) return
    throw new Refused('missing_scope', { needed: needed.join(','), provided: scopes.join(',') })
  }

  private fault(method: string): Fault | undefined {
    const waiting = this.faults.find((each) => (each.method === method || each.method === '*') && each.left > 0)
    if (!waiting) return undefined
    waiting.left -= 1
    return waiting.fault
  }
}

function refuseByFault(fault: Fault | undefined): void {
  if (!fault) return
  if (fault.retryAfter !== undefined) throw rateLimited(fault.retryAfter)
  if (fault.status !== undefined) throw new Refused(fault.error ?? 'internal_error', {}, { status: fault.status })
  if (fault.error !== undefined) throw new Refused(fault.error)
}

/** The call's arguments (form, JSON or query) and its token (header, or the `token` argument). */
async function read(req: IncomingMessage): Promise<{ args: Json; token: string | undefined }> {
  const query = new URL(req.url ?? '/', 'http://slack').searchParams
  const body = (await readBody(req, BODY_LIMIT_BYTES)).toString('utf8')
  const isJson = req.headers['content-type']?.includes('json')
  let given: Json
  try {
    given = isJson ? (JSON.parse(body || '{}') as Json) : Object.fromEntries(new URLSearchParams(body))
  } catch {
    throw new Refused('invalid_json')
  }
  if (typeof given !== 'object' || given === null || Array.isArray(given)) throw new Refused('json_not_object')
  const { token: argument, ...args } = { ...Object.fromEntries(query), ...given }
  const header = /^Bearer (.+)$/i.exec(req.headers.authorization ?? '')?.[1]
  return { args, token: header ?? (argument as string | undefined) }
}

/** A request's body; throws Refused `request_too_large` (413) over the limit. */
export async function readBody(req: IncomingMessage, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of req as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > limit) throw new Refused('request_too_large', {}, { status: 413 })
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** Form fields are text: turns those the method knows better into JSON, booleans and numbers. */
function inTypes(method: Method, args: Json): Json {
  const typed: Json = { ...args }
  for (const name of method.json ?? []) {
    if (typeof typed[name] !== 'string') continue
    try {
      typed[name] = JSON.parse(typed[name] as string)
    } catch {
      if (name === 'blocks') throw new Refused('invalid_blocks_format')
      throw invalidArguments(`must be valid JSON [json-pointer:/${name}]`)
    }
  }
  for (const name of method.booleans ?? []) {
    if (typed[name] !== undefined) typed[name] = [true, 'true', '1', 1].includes(typed[name] as string)
  }
  for (const name of method.numbers ?? []) if (typed[name] !== undefined) typed[name] = Number(typed[name])
  return typed
}

/** Answers JSON as Slack does. */
export function send(res: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  if (res.destroyed) return
  res.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers })
  res.end(JSON.stringify(body))
}
