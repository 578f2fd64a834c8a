/**
 * The stand-in over HTTP for the sandbox page, below `${baseUrl}/ui/`. Everything is JSON unless said otherwise.
 *
 *   GET  ui/workspace                                  { people, app } - to choose who to be
 *   GET  ui/screen?user=U                              Screen (types.ts)
 *   GET  ui/messages?user=U&channel=C[&thread=ts]      SeenMessage[]
 *   GET  ui/files/<id>                                 the bytes
 *   POST ui/upload?user=U&name=N&type=mimetype         body: the bytes → SlackFile; its id goes into fill, submit or post
 *   GET  ui/events                                     Server-Sent Events: `event: changed` after anything changed
 *   GET  ui/log                                        { calls, deliveries }: the last 200 of each, newest last
 *   POST ui/do/<verb>                                  body below → Outcome (SubmitOutcome for submit)
 *
 *   verb            body, besides `user`
 *   slash           channel, command, text?
 *   globalShortcut  callbackId
 *   messageShortcut callbackId, channel, ts
 *   post            channel, text?, threadTs?, fileIds?
 *   edit            channel, ts, text
 *   delete          channel, ts
 *   react           channel, ts, name
 *   openHome        tab?
 *   openDm          other?
 *   join, leave     channel
 *   invite, kick    channel, other
 *   archive         channel
 *   click           target ({channelId, ts} | {viewId}), actionId, blockId?, value?
 *   fill            viewId, blockId, value, actionId?
 *   suggest         target, actionId, query, blockId?
 *   submit          viewId, values?
 *   close           viewId, which? ('view' | 'all')
 *   read            channel
 *   dismissNotice   notice
 *
 * Status 400 with { error } when the request names somebody or something that does not exist.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { sendFile } from './file-routes.ts'
import type { People } from './people.ts'
import type { SlackStandIn } from './stand-in.ts'
import type { Workspace } from './store.ts'
import type { ClickTarget, InputValue } from './types.ts'
import { readBody, send } from './web-api.ts'

const UPLOAD_LIMIT_BYTES = 100 * 1024 * 1024
const LOG_SHOWN = 200
const HEARTBEAT_MS = 25_000 // proxies close a silent stream after 30 to 60 seconds

/** Answers one request of the page; `path` is what follows `ui/`. */
export async function answerPage(
  path: string,
  stand: SlackStandIn,
  workspace: Workspace,
  req: IncomingMessage,
  res: ServerResponse,
): Promise<void> {
  const query = new URL(req.url ?? '/', 'http://page').searchParams
  const asked = (name: string) => query.get(name) ?? ''
  try {
    if (path === 'events') return stream(stand, req, res)
    if (path.startsWith('files/')) return await sendFile(path.slice('files/'.length), workspace, res)
    send(res, 200, await json())
  } catch (error) {
    send(res, 400, { error: (error as Error).message })
  }

  async function json(): Promise<unknown> {
    if (req.method === 'POST') {
      if (!isFromPage(req)) throw new Error('this came from another site')
      if (path.startsWith('do/')) {
        return act(
          stand.people,
          path.slice(3),
          JSON.parse((await readBody(req, UPLOAD_LIMIT_BYTES)).toString() || '{}'),
        )
      }
      if (path === 'upload') {
        const bytes = await readBody(req, UPLOAD_LIMIT_BYTES)
        return stand.people.upload(asked('user'), {
          name: asked('name'),
          mimetype: asked('type') || 'application/octet-stream',
          bytes,
        })
      }
    }
    switch (path) {
      case 'workspace':
        return { people: stand.state.people(), app: stand.state.screen(stand.state.people()[0]?.id ?? '').app }
      case 'screen':
        return stand.state.screen(asked('user'))
      case 'messages': {
        const thread = asked('thread')
        const member = workspace.channel(asked('channel'))?.members.includes(asked('user'))
        if (!member) throw new Error(`${asked('user')} is not in ${asked('channel')}`)
        return stand.state.messages(asked('channel'), {
          viewer: asked('user'),
          ...(thread ? { threadTs: thread } : {}),
        })
      }
      case 'log':
        return { calls: stand.log.calls.slice(-LOG_SHOWN), deliveries: stand.log.deliveries.slice(-LOG_SHOWN) }
      default:
        throw new Error(`there is no ${req.method} ui/${path}`)
    }
  }
}

/** A page of another site may not act here: browsers name the origin of every POST. */
function isFromPage(req: IncomingMessage): boolean {
  const { origin, host } = req.headers
  return origin === undefined || new URL(origin).host === host
}

interface Body {
  user: string
  channel: string
  other: string
  command: string
  text: string
  callbackId: string
  ts: string
  threadTs: string
  fileIds: string[]
  name: string
  tab: 'home' | 'messages'
  target: ClickTarget
  actionId: string
  blockId: string
  viewId: string
  value: InputValue
  values: Record<string, InputValue>
  query: string
  which: 'view' | 'all'
  notice: string
}

function act(people: People, verb: string, body: Body): unknown {
  const { user, channel, ts, blockId, value } = body
  switch (verb) {
    case 'slash':
      return people.slash(user, channel, body.command, body.text)
    case 'globalShortcut':
      return people.globalShortcut(user, body.callbackId)
    case 'messageShortcut':
      return people.messageShortcut(user, body.callbackId, { channelId: channel, ts })
    case 'post':
      return people.post(user, channel, body)
    case 'edit':
      return people.edit(user, channel, ts, body.text)
    case 'delete':
      return people.delete(user, channel, ts)
    case 'react':
      return people.react(user, channel, ts, body.name)
    case 'openHome':
      return people.openHome(user, body.tab)
    case 'openDm':
      return people.openDm(user, body.other)
    case 'join':
      return people.join(user, channel)
    case 'leave':
      return people.leave(user, channel)
    case 'kick':
      return people.kick(user, channel, body.other)
    case 'archive':
      return people.archive(user, channel)
    case 'invite':
      return people.invite(user, channel, body.other)
    case 'click':
      return people.click(user, body.target, body.actionId, {
        ...(blockId === undefined ? {} : { blockId }),
        ...(value === undefined ? {} : { value }),
      })
    case 'fill':
      return people.fill(user, body.viewId, blockId, value, body.actionId)
    case 'suggest':
      return people.suggest(user, body.target, body.actionId, body.query, blockId)
    case 'submit':
      return people.submit(user, body.viewId, body.values)
    case 'close':
      return people.close(user, body.viewId, body.which)
    case 'read':
      people.read(user, channel)
      return { ok: true }
    case 'dismissNotice':
      people.dismissNotice(user, body.notice)
      return { ok: true }
    default:
      throw new Error(`nobody can ${verb} here`)
  }
}

function stream(stand: SlackStandIn, req: IncomingMessage, res: ServerResponse): void {
  res.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache', 'x-accel-buffering': 'no' })
  res.write('event: changed\ndata: {}\n\n')
  let told = false
  // Many changes of one moment become one word to the page.
  const off = stand.onChange(() => {
    if (told) return
    told = true
    setImmediate(() => {
      told = false
      if (!res.destroyed) res.write('event: changed\ndata: {}\n\n')
    })
  })
  const heartbeat = setInterval(() => res.write(': still here\n\n'), HEARTBEAT_MS)
  heartbeat.unref()
  req.on('close', () => {
    clearInterval(heartbeat)
    off()
  })
}
