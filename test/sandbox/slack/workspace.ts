import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { App, HTTPReceiver, LogLevel, SocketModeReceiver } from '@slack/bolt'
import { WebClient } from '@slack/web-api'
import { MovableClock } from '../../../src/clock.ts'
import { type SlackStandIn, type StandInOptions, startSlackStandIn } from '../../../src/sandbox/slack/stand-in.ts'

export const ADA = 'UADA' // a client
export const KOFI = 'UKOFI' // an agent
export const ZOE = 'UZOE' // somebody of another workspace, in the shared channel
export const GENERAL = 'CGENERAL'
export const TRIAGE = 'GTRIAGE'
export const ELSEWHERE = 'CELSEWHERE' // a public channel the bot is not in
export const BOT = 'UDESK'

const SCOPES =
  'commands chat:write im:write im:history channels:history groups:history channels:read groups:read users:read users:read.email files:read files:write'

const APP: StandInOptions['app'] = {
  appId: 'ADESK',
  name: 'Deskhand',
  botToken: 'xoxb-sandbox',
  appToken: 'xapp-sandbox',
  signingSecret: 'sandbox-signing-secret',
  botUserId: BOT,
  teamId: 'TSANDBOX',
  commands: [{ command: '/ticket', description: 'Open a ticket' }],
  shortcuts: [
    { type: 'global', name: 'Open a ticket', callbackId: 'open_ticket' },
    { type: 'message', name: 'Send to requester', callbackId: 'send_to_requester' },
  ],
  events: 'app_home_opened message.im message.channels message.groups member_joined_channel member_left_channel'.split(
    ' ',
  ),
  scopes: SCOPES.split(' '),
}

export interface TestWorkspace {
  slack: SlackStandIn
  clock: MovableClock
  web: WebClient
  baseUrl: string
  server: ReturnType<typeof createServer>
  close(): Promise<void>
}

type Overrides = Omit<Partial<StandInOptions>, 'app'> & { app?: Partial<StandInOptions['app']> }

/** A small workspace with nobody listening: Ada, Kofi, Zoë from outside, three channels. */
export async function testWorkspace(overrides: Overrides = {}): Promise<TestWorkspace> {
  const clock = MovableClock.at(new Date('2026-03-02T09:00:00Z'))
  let slack: SlackStandIn
  let other: ((req: never, res: never) => void) | undefined
  const server = createServer((req, res) => {
    void slack.handle(req, res).then((handled) => {
      if (!handled) (other ?? ((_req, nobody: typeof res) => nobody.writeHead(404).end()))(req as never, res as never)
    })
  })
  server.on('upgrade', (req, socket, head) => {
    if (!slack.upgrade(req, socket, head)) socket.destroy()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const requestUrl = overrides.app?.requestUrl && new URL(overrides.app.requestUrl, origin).href
  const { app, ...rest } = overrides
  const person = { tz: 'Europe/Berlin', locale: 'en-US' }
  slack = await startSlackStandIn({
    clock,
    baseUrl: `${origin}/sandbox/slack`,
    people: [
      { id: ADA, name: 'ada', realName: 'Ada Lovelace', email: 'ada@acme.example', ...person },
      { id: KOFI, name: 'kofi', realName: 'Kofi Annan', email: 'kofi@desk.example', ...person },
      { id: ZOE, name: 'zoe', realName: 'Zoë Elsewhere', teamId: 'TOTHER', ...person },
    ],
    channels: [
      { id: GENERAL, name: 'general', isPrivate: false, members: [BOT, ADA, KOFI, ZOE] },
      { id: TRIAGE, name: 'triage', isPrivate: true, members: [BOT, KOFI] },
      { id: ELSEWHERE, name: 'elsewhere', isPrivate: false, members: [ADA] },
    ],
    ...rest,
    app: { ...APP, ...app, ...(requestUrl ? { requestUrl } : {}) },
  })
  const web = new WebClient(APP.botToken, {
    slackApiUrl: slack.apiUrl,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    logLevel: LogLevel.ERROR,
  })
  return {
    slack,
    clock,
    web,
    baseUrl: `${origin}/sandbox/slack`,
    server,
    set fallback(listener: (req: never, res: never) => void) {
      other = listener
    },
    async close() {
      await slack.close()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  } as TestWorkspace
}

/** An app that is nothing but a request URL: keeps what it was sent, and answers as told (200 and nothing by default). */
export interface RawApp {
  payloads: { type: string; headers: Record<string, string | string[] | undefined>; body: Record<string, never> }[]
  answer: (
    type: string,
    body: Record<string, never>,
  ) => { status?: number; body?: unknown; silent?: boolean; after?: Promise<unknown> } | undefined
  last(type: string): Record<string, never>
}

export function rawApp(workspace: TestWorkspace): RawApp {
  const app: RawApp = {
    payloads: [],
    answer: () => undefined,
    last(type) {
      const found = this.payloads.findLast((payload) => payload.type === type)
      if (!found) throw new Error(`no ${type} among ${this.payloads.map((payload) => payload.type).join()}`)
      return found.body
    },
  }
  const listener = async (req: IncomingMessage, res: ServerResponse) => {
    let text = ''
    for await (const chunk of req) text += chunk
    const form = Object.fromEntries(new URLSearchParams(text))
    const isJson = req.headers['content-type'] === 'application/json'
    const body = isJson ? JSON.parse(text) : form.payload ? JSON.parse(form.payload) : form
    const type = body.event?.type ?? body.type ?? 'command'
    app.payloads.push({ type, headers: req.headers, body })
    const said = app.answer(type, body) ?? {}
    if (said.silent) return
    await said.after
    res.writeHead(said.status ?? 200, { 'content-type': 'application/json' })
    res.end(said.body === undefined ? '' : JSON.stringify(said.body))
  }
  Object.assign(workspace, { fallback: listener })
  return app
}

/** A real Bolt app connected to the workspace, over Socket Mode or signed HTTP on the same server. */
export async function boltApp(workspace: TestWorkspace, mode: 'socket' | 'http'): Promise<App> {
  const clientOptions = { slackApiUrl: workspace.slack.apiUrl, retryConfig: { retries: 0 } }
  const receiver =
    mode === 'socket'
      ? new SocketModeReceiver({
          appToken: APP.appToken,
          logLevel: LogLevel.ERROR,
          clientPingTimeout: 200,
          installerOptions: { clientOptions: { ...clientOptions } },
        })
      : new HTTPReceiver({ signingSecret: APP.signingSecret, endpoints: ['/slack/events'], logLevel: LogLevel.ERROR })
  const app = new App({ token: APP.botToken, receiver, clientOptions, logLevel: LogLevel.ERROR })
  if (receiver instanceof HTTPReceiver) {
    // The server is the workspace's own: the product shares one port the same way.
    Object.assign(workspace, { fallback: receiver.requestListener })
  } else {
    await app.start()
  }
  return app
}
