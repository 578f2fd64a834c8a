import { fileObject } from '../file-objects.ts'
import { invalidArguments, Refused } from '../refused.ts'
import type { SlackFile } from '../types.ts'
import { thread } from './chat.ts'
import { type Context, type Json, type Method, memberChannel, T3, T4, type Upload } from './method.ts'

const FILE_LIMIT_BYTES = 1024 ** 3 // 1 GB

/** files.* (/messaging/working-with-files): getUploadURLExternal, then the bytes, then completeUploadExternal. */
export const files: Record<string, Method> = {
  'files.info': {
    scopes: ['files:read'],
    required: ['file'],
    perMinute: T4,
    run(args, { workspace }) {
      const file = workspace.file(String(args.file))
      if (!file || !isVisible(file, workspace)) throw new Refused('file_not_found')
      return { file: fileObject(workspace, file), comments: [], response_metadata: { next_cursor: '' } }
    },
  },
  'files.getUploadURLExternal': {
    scopes: ['files:write'],
    required: ['filename', 'length'],
    numbers: ['length'],
    perMinute: T4,
    run(args, { workspace, uploads }) {
      const length = Number(args.length)
      if (!Number.isInteger(length) || length < 1)
        throw invalidArguments('must be a positive integer [json-pointer:/length]')
      if (length > FILE_LIMIT_BYTES) throw new Refused('file_upload_size_restricted')
      const [secret, fileId] = [workspace.secret(), workspace.id('F')]
      uploads.set(secret, { fileId, filename: String(args.filename), length })
      return { upload_url: `${workspace.baseUrl}/upload/v1/${secret}`, file_id: fileId }
    },
  },
  'files.completeUploadExternal': {
    scopes: ['files:write'],
    required: ['files'],
    json: ['files', 'blocks'],
    perMinute: T4,
    async run(args, context) {
      const { workspace } = context
      const asked = args.files as { id?: string; title?: string }[]
      if (!Array.isArray(asked) || asked.length === 0)
        throw invalidArguments('must provide at least 1 items [json-pointer:/files]')
      const sought = args.channel_id ?? String(args.channels ?? '').split(',')[0]
      const channel = sought ? memberChannel({ channel: sought }, context) : undefined
      const threadTs = channel && thread(args, channel, context)
      for (const { id } of asked) if (!uploadOf(String(id), context)) throw new Refused('file_not_found')
      const kept: SlackFile[] = []
      for (const { id, title } of asked) kept.push(await complete(String(id), title, context))
      if (channel) {
        const ids = kept.map((file) => file.id)
        context.posts.byApp(channel.id, { text: String(args.initial_comment ?? ''), files: ids, threadTs })
      }
      // Slack shares in its own time: the answer does not say where yet (slackapi/bolt-js#2115).
      return { files: kept.map((file) => ({ ...fileObject(workspace, { ...file, channels: [] }), title: file.title })) }
    },
  },
  'files.delete': {
    scopes: ['files:write'],
    required: ['file'],
    perMinute: T3,
    run(args, { workspace, posts }) {
      const file = workspace.file(String(args.file))
      if (!file || !isVisible(file, workspace)) throw new Refused('file_not_found')
      if (file.user !== workspace.app.botUserId) throw new Refused('cant_delete_file')
      posts.deleteFile(file)
      return {}
    },
  },
}

/** What was given an address and has got its bytes, and is not complete yet. */
function uploadOf(id: string, { uploads }: Context): [string, Upload & { bytes: Buffer }] | undefined {
  const found = [...uploads].find(([, upload]) => upload.fileId === id)
  return found?.[1].bytes && [found[0], { ...found[1], bytes: found[1].bytes }]
}

async function complete(id: string, title: string | undefined, context: Context): Promise<SlackFile> {
  const { workspace, uploads } = context
  const [secret, { filename, bytes }] = uploadOf(id, context)!
  uploads.delete(secret)
  const file = {
    id,
    name: filename,
    title: title ?? filename,
    mimetype: mimetype(filename),
    user: workspace.app.botUserId,
  }
  return workspace.keepFile({ ...file, createdAt: workspace.seconds(), channels: [], sharedWithApp: true }, bytes)
}

/** The app sees its own files, those given to it in a modal, and those of channels it is in. */
export function isVisible(file: SlackFile, workspace: Context['workspace']): boolean {
  const isIn = (id: string) => workspace.channel(id)?.members.includes(workspace.app.botUserId) ?? false
  return file.sharedWithApp || file.user === workspace.app.botUserId || file.channels.some(isIn)
}

const MIMETYPES: Json = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
  pdf: 'application/pdf',
  txt: 'text/plain',
  csv: 'text/csv',
  html: 'text/html',
  json: 'application/json',
  zip: 'application/zip',
}

function mimetype(name: string): string {
  return String(MIMETYPES[name.split('.').pop()?.toLowerCase() ?? ''] ?? 'application/octet-stream')
}
