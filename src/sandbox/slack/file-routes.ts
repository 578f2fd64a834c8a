import type { IncomingMessage, ServerResponse } from 'node:http'
import { isVisible } from './methods/files.ts'
import type { Upload } from './methods/method.ts'
import type { Workspace } from './store.ts'
import { readBody } from './web-api.ts'

const UPLOAD_LIMIT_BYTES = 100 * 1024 * 1024

/** Takes the bytes for an address of files.getUploadURLExternal, raw or as a form (the node client sends a form). */
export async function takeUpload(
  secret: string,
  uploads: Map<string, Upload>,
  req: IncomingMessage,
  res: ServerResponse,
): Promise<void> {
  const upload = uploads.get(secret)
  if (!upload) return void res.writeHead(404).end('Not found')
  const body = await readBody(req, UPLOAD_LIMIT_BYTES)
  const type = req.headers['content-type'] ?? ''
  upload.bytes = type.startsWith('multipart/form-data') ? await filePart(body, type) : body
  if (upload.bytes.length !== upload.length) {
    delete upload.bytes
    return void res.writeHead(400).end(`length of the file does not match: ${upload.length} announced`)
  }
  res.writeHead(200, { 'content-type': 'text/plain' }).end(`OK - ${upload.length}`)
}

async function filePart(body: Buffer, type: string): Promise<Buffer> {
  const form = await new Response(new Uint8Array(body), { headers: { 'content-type': type } }).formData()
  for (const value of form.values()) if (typeof value !== 'string') return Buffer.from(await value.arrayBuffer())
  return Buffer.alloc(0)
}

/** Serves url_private: the bytes to the app's token with files:read, to everybody else a login page with status 200. */
export async function serveFile(
  fileId: string,
  workspace: Workspace,
  req: IncomingMessage,
  res: ServerResponse,
): Promise<void> {
  const file = workspace.file(fileId)
  const { app } = workspace
  const allowed =
    file &&
    req.headers.authorization === `Bearer ${app.botToken}` &&
    app.scopes.includes('files:read') &&
    isVisible(file, workspace)
  if (!allowed) {
    res.writeHead(200, { 'content-type': 'text/html; charset=utf-8' })
    res.end(
      '<!DOCTYPE html><html><head><title>Sign in | Slack</title></head><body>Sign in to your workspace</body></html>',
    )
    return
  }
  await sendFile(fileId, workspace, res)
}

/** The bytes of a file, as themselves and never as a page of this origin. */
export async function sendFile(fileId: string, workspace: Workspace, res: ServerResponse): Promise<void> {
  const file = workspace.file(fileId)
  const bytes = await workspace.fileBytes(fileId)
  if (!file || !bytes) return void res.writeHead(404).end('Not found')
  const inline = /^(image\/(png|jpeg|gif|webp)|application\/pdf|text\/plain)$/.test(file.mimetype)
  res.writeHead(200, {
    'content-type': file.mimetype,
    'content-length': bytes.length,
    'content-disposition': `${inline ? 'inline' : 'attachment'}; filename*=UTF-8''${encodeURIComponent(file.name)}`,
    'x-content-type-options': 'nosniff',
    'content-security-policy': "sandbox; default-src 'none'",
  })
  res.end(bytes)
}
