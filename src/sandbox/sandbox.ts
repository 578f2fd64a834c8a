import type { IncomingMessage, ServerResponse } from 'node:http'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'
import type { MovableClock } from '../clock.ts'
import { appSettings } from './app-settings.ts'
import { clockRoutes } from './clock-routes.ts'
import { foreign, sendJson } from './http.ts'
import { liveRoutes } from './live-routes.ts'
import { type MailServer, startMailServer } from './mail/mail-server.ts'
import { SANDBOX_AUTHSERV_ID } from './mail/post-office.ts'
import { pageRoutes } from './page-routes.ts'
import { generalChannelId, type SampleCompany, sampleCompany, triageChannelId } from './sample-company.ts'
import { type AppSettings, type SlackStandIn, startSlackStandIn } from './slack/stand-in.ts'

export interface SandboxOptions {
  clock: MovableClock
  /** The sandbox keeps its workspace, mail and clock in `dataDir/sandbox`. */
  dataDir: string
  /** Where the page is reached, without a trailing slash: http://localhost:3000 */
  baseUrl: string
  /** What the desk's own links begin with, where it is another address than `baseUrl`. */
  publicUrl?: string
  /** Which of the two outside worlds the sandbox stands in for. */
  parts: { slack: boolean; mail: boolean }
  company?: SampleCompany
  /** The slash command, when it is not the manifest's. */
  command?: string
  /** 'off': posts are not held to one a second and channel, for tests. */
  pace?: 'strict' | 'off'
  /** Slack payloads go to this URL by signed HTTP; absent: Socket Mode. */
  signedHttp?: { requestUrl: string }
  /** What is other about the workspace than in a sandbox by itself. */
  workspace?: Pick<AppSettings, 'enterpriseId' | 'guestCommands'>
  log: { info(fields: object, words: string): void }
}

export interface Sandbox {
  slack: null | {
    apiUrl: string
    botToken: string
    appToken: string
    signingSecret: string
    triageChannel: string
    standIn: SlackStandIn
  }
  mail: null | { imapUrl: string; smtpUrl: string; authservId: string; supportAddress: string; server: MailServer }
  company: SampleCompany
  /** True when the request was the sandbox's and has been answered: `/` and everything below `/sandbox/`. */
  handle(req: IncomingMessage, res: ServerResponse): Promise<boolean>
  /** True when the websocket was the sandbox's and has been taken over. */
  upgrade(req: IncomingMessage, socket: Duplex, head: Buffer): boolean
  close(): Promise<void>
}

/**
 * A small Slack workspace and mail server with a page to try the desk in. Binds no port for the page: the caller's http
 * server hands requests to `handle` and `upgrade`. The mail server listens on free ports of 127.0.0.1.
 */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { clock, baseUrl, parts } = options
  const company = options.company ?? sampleCompany
  const folder = join(options.dataDir, 'sandbox')
  const live = liveRoutes()
  const tellClock = () => {
    for (const topic of ['clock', 'slack', 'mail'] as const) live.tell(topic)
  }
  // Before anything else: what starts after this finds the time where the last run left it.
  const answerClock = await clockRoutes(clock, join(folder, 'clock.json'), tellClock)
  const slack = parts.slack ? await startSlack(options, company, folder) : null
  const mail = parts.mail ? await startMail(options, company, folder) : null
  slack?.standIn.onChange(() => live.tell('slack'))
  mail?.server.onChange(() => live.tell('mail'))
  const answerPage = pageRoutes()
  options.log.info({ parts }, `the sandbox is at ${baseUrl}`)

  async function answer(req: IncomingMessage, res: ServerResponse, path: string): Promise<void> {
    const refused = foreign(req, baseUrl)
    if (refused) sendJson(res, 403, { error: refused })
    else if (path === '/sandbox/events') live.handle(req, res)
    else if (path === '/sandbox/about') {
      sendJson(res, 200, { ...company, parts, supportAddress: company.support.address, triageChannel: triageChannelId })
    } else if (path === '/sandbox/clock') await answerClock(req, res)
    else if (slack && (await slack.standIn.handle(req, res))) return
    else if (mail && (await mail.server.handle(req, res))) return
    else if (!(await answerPage(req, res, path))) sendJson(res, 404, { error: `the sandbox has no ${path}` })
  }

  async function handle(req: IncomingMessage, res: ServerResponse): Promise<boolean> {
    const path = (req.url ?? '/').split('?')[0] ?? '/'
    if (path !== '/' && !path.startsWith('/sandbox/')) return false
    try {
      await answer(req, res, path)
    } catch (error) {
      // One odd request must not end the desk that runs in the same process.
      options.log.info({ err: error, path }, 'a sandbox request failed')
      if (res.headersSent) res.destroy()
      else sendJson(res, 500, { error: String(error) })
    }
    return true
  }

  return {
    slack,
    mail,
    company,
    handle,
    upgrade: (req, socket, head) => {
      if (!slack || foreign(req, baseUrl)) return false
      return slack.standIn.upgrade(req, socket, head)
    },
    async close() {
      live.close()
      await Promise.all([slack?.standIn.close(), mail?.server.close()])
    },
  }
}

async function startSlack(options: SandboxOptions, company: SampleCompany, folder: string) {
  const { clock, baseUrl, publicUrl = baseUrl, command, signedHttp } = options
  const app = await appSettings(folder, command)
  const everybody = company.people.map((person) => person.id)
  const agents = company.people.filter((person) => person.role === 'agent').map((person) => person.id)
  const standIn = await startSlackStandIn({
    clock,
    baseUrl: `${baseUrl}/sandbox/slack`,
    stateFile: join(folder, 'slack.json'),
    ...(options.pace ? { pace: options.pace } : {}),
    // The manifest names an example: whoever installs it puts their own host there, as the sandbox has done.
    app: {
      ...app,
      unfurlDomains: app.unfurlDomains?.map(() => new URL(publicUrl).hostname) ?? [],
      ...options.workspace,
      ...(signedHttp ? { requestUrl: signedHttp.requestUrl } : {}),
    },
    people: company.people.map(({ id, name, realName, address, tz, locale }) => ({
      id,
      name,
      realName,
      email: address,
      tz,
      locale,
    })),
    channels: [
      {
        id: generalChannelId,
        name: 'general',
        isPrivate: false,
        members: everybody,
        topic: 'Everybody at Acme & Co, and the people who help them',
      },
      {
        id: triageChannelId,
        name: 'triage',
        isPrivate: true,
        members: [...agents, app.botUserId],
        topic: 'Every ticket is a card. Its thread is internal: clients never see it',
      },
    ],
  })
  const { botToken, appToken, signingSecret } = app
  return { apiUrl: standIn.apiUrl, botToken, appToken, signingSecret, triageChannel: triageChannelId, standIn }
}

async function startMail(options: SandboxOptions, company: SampleCompany, folder: string) {
  const supportAddress = company.support.address
  const server = await startMailServer({
    clock: options.clock,
    dataDir: join(folder, 'mail'),
    supportAddress,
    people: company.people.map(({ address, realName }) => ({ address, name: realName })),
  })
  return {
    imapUrl: server.imapUrl,
    smtpUrl: server.smtpUrl,
    authservId: SANDBOX_AUTHSERV_ID,
    supportAddress,
    server,
  }
}
