import type { IncomingMessage, ServerResponse } from 'node:http'
import { serveFile, takeUpload } from './file-routes.ts'
import type { Context } from './methods/method.ts'
import { Refused } from './refused.ts'
import type { ResponseUrls } from './response-urls.ts'
import type { SlackStandIn } from './stand-in.ts'
import type { Workspace } from './store.ts'
import { answerPage } from './ui-routes.ts'
import { readBody, send, type WebApi } from './web-api.ts'

const RESPONSE_LIMIT_BYTES = 1024 * 1024

interface Parts {
  stand: SlackStandIn
  workspace: Workspace
  context: Context
  api: WebApi
  responseUrls: ResponseUrls
}

/** Answers one request below the stand-in's base URL; `path` is what follows it. */
export async function route(parts: Parts, path: string, req: IncomingMessage, res: ServerResponse): Promise<void> {
  const [first = '', second = '', third = ''] = path.split('/')
  switch (first) {
    case 'api':
      return parts.api.answer(second, req, res)
    case 'commands':
    case 'actions':
    case 'app':
      return answerResponseUrl(parts, path, req, res)
    case 'upload':
      return takeUpload(third, parts.context.uploads, req, res)
    case 'files-pri':
      return serveFile(second.split('-').slice(1).join('-'), parts.workspace, req, res)
    case 'ui':
      return answerPage(path.slice('ui/'.length), parts.stand, parts.workspace, req, res)
    default:
      res.writeHead(404, { 'content-type': 'text/plain' }).end('Not found')
  }
}

async function answerResponseUrl(
  { responseUrls }: Parts,
  path: string,
  req: IncomingMessage,
  res: ServerResponse,
): Promise<void> {
  try {
    const body = JSON.parse((await readBody(req, RESPONSE_LIMIT_BYTES)).toString() || '{}')
    responseUrls.use(path, body)
    res.writeHead(200, { 'content-type': 'text/plain' }).end('ok')
  } catch (error) {
    if (error instanceof SyntaxError) return send(res, 400, { ok: false, error: 'invalid_payload' })
    if (!(error instanceof Refused)) throw error
    send(res, error.status, { ok: false, error: error.code, ...error.answer })
  }
}
