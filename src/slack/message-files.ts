import type { WebClient } from '@slack/web-api'
import { z } from 'zod'
import type { Attachment } from '../ticket/ticket.ts'

/** A file as messages carry it (docs.slack.dev/reference/objects/file-object). */
export const fileShape = z.object({
  id: z.string(),
  name: z.string().nullish(),
  mimetype: z.string().nullish(),
  size: z.number().nullish(),
  mode: z.string().nullish(),
  file_access: z.string().nullish(),
  url_private_download: z.string().nullish(),
  url_private: z.string().nullish(),
})
export type SharedFile = z.infer<typeof fileShape>

/** The files of a message as attachments: still in Slack, to be fetched, unless they are not Slack's. */
export async function attachmentsOf(client: WebClient, files: SharedFile[]): Promise<Attachment[]> {
  return Promise.all(
    files.map(async (file) => {
      if (file.file_access !== 'check_file_info') return attachmentOf(file)
      // Of a file from another workspace the event says only that Slack must be asked (docs.slack.dev/apis/slack-connect).
      const info = await client.files.info({ file: file.id }).catch(() => null)
      const { data } = fileShape.safeParse(info?.file)
      return attachmentOf(data ?? { ...file, mode: null })
    }),
  )
}

function attachmentOf(file: SharedFile): Attachment {
  // Remote and hosted-elsewhere files point anywhere their owner likes; the token goes to nobody but Slack.
  const isSlacks = !file.mode || ['hosted', 'snippet'].includes(file.mode)
  return {
    name: file.name ?? file.id,
    contentType: file.mimetype ?? 'application/octet-stream',
    size: file.size ?? 0,
    sha256: null,
    slackFile: isSlacks ? { id: file.id, url: file.url_private_download ?? file.url_private ?? '' } : null,
    refused: isSlacks ? null : 'not-from-slack',
  }
}
