import type { Workspace } from './store.ts'
import type { SlackFile } from './types.ts'

type Json = Record<string, unknown>

/** A file as Slack's API describes it (/reference/objects/file-object), with the addresses of its bytes. */
export function fileObject(workspace: Workspace, file: SlackFile): Json {
  const owner = workspace.person(file.user)
  const path = `${workspace.app.teamId}-${file.id}`
  const name = encodeURIComponent(file.name)
  const filetype = file.name.includes('.') ? (file.name.split('.').pop() as string).toLowerCase() : 'binary'
  return {
    id: file.id,
    created: file.createdAt,
    timestamp: file.createdAt,
    name: file.name,
    title: file.title,
    mimetype: file.mimetype,
    filetype,
    pretty_type: filetype.toUpperCase(),
    user: file.user,
    user_team: owner?.teamId ?? workspace.app.teamId,
    editable: false,
    size: file.size,
    mode: 'hosted',
    is_external: false,
    external_type: '',
    is_public: file.channels.some((id) => workspace.channel(id)?.kind === 'public'),
    public_url_shared: false,
    display_as_bot: false,
    username: '',
    url_private: `${workspace.baseUrl}/files-pri/${path}/${name}`,
    url_private_download: `${workspace.baseUrl}/files-pri/${path}/download/${name}`,
    permalink: `${workspace.baseUrl}/files/${file.user}/${file.id}/${name}`,
    channels: file.channels.filter((id) => workspace.channel(id)?.kind === 'public'),
    groups: file.channels.filter((id) => workspace.channel(id)?.kind === 'private'),
    ims: file.channels.filter((id) => workspace.channel(id)?.kind === 'im'),
    shares: sharesOf(workspace, file),
    file_access: 'visible',
    has_rich_preview: false,
  }
}

/** Where a file was shared, by channel: public ones, and all others (/reference/objects/file-object). */
function sharesOf(workspace: Workspace, file: SlackFile): Json {
  const shares: Record<'public' | 'private', Json> = { public: {}, private: {} }
  for (const id of file.channels) {
    const isPublic = workspace.channel(id)?.kind === 'public'
    const messages = workspace.messages(id).filter(({ files }) => files?.includes(file.id))
    shares[isPublic ? 'public' : 'private'][id] = messages.map(({ ts, threadTs }) => ({
      ts,
      ...(threadTs ? { thread_ts: threadTs } : {}),
    }))
  }
  return Object.fromEntries(Object.entries(shares).filter(([, channels]) => Object.keys(channels).length > 0))
}

/** What events say of a file; of one from another workspace only that files.info must be asked (/apis/slack-connect). */
export function fileInEvent(workspace: Workspace, file: SlackFile): Json {
  const owner = workspace.person(file.user)
  if (!owner || !workspace.isExternal(owner)) return fileObject(workspace, file)
  return {
    id: file.id,
    mode: 'file_access',
    file_access: 'check_file_info',
    created: file.createdAt,
    timestamp: 0,
    user: file.user,
  }
}
