import type { Workspace } from './store.ts'
import type { Block, Channel, Message, Person, SlackFile, View } from './types.ts'

/** The objects of Slack's API as they stand in payloads and answers (docs.slack.dev/reference/objects). */
type Json = Record<string, unknown>

export const CHANNEL_TYPE = { public: 'channel', private: 'group', im: 'im', mpim: 'mpim' } as const

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
    file_access: 'visible',
    has_rich_preview: false,
  }
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

export function messageObject(workspace: Workspace, message: Message): Json {
  const replies = workspace
    .messages(message.channel)
    .filter((other) => other.threadTs === message.ts && other !== message)
  const files = (message.files ?? []).flatMap((id) => workspace.file(id) ?? [])
  return {
    type: 'message',
    ...(message.subtype ? { subtype: message.subtype } : {}),
    user: message.user,
    ts: message.ts,
    ...(message.botId ? { bot_id: message.botId, app_id: message.appId, bot_profile: botProfile(workspace) } : {}),
    text: message.text,
    team: workspace.person(message.user)?.teamId ?? workspace.app.teamId,
    ...(message.blocks?.length ? { blocks: message.blocks } : {}),
    ...(message.attachments ? { attachments: message.attachments } : {}),
    ...(files.length ? { files: files.map((file) => fileInEvent(workspace, file)), upload: false } : {}),
    ...(message.edited ? { edited: message.edited } : {}),
    ...(message.reactions?.length
      ? { reactions: message.reactions.map((reaction) => ({ ...reaction, count: reaction.users.length })) }
      : {}),
    ...threadOf(workspace, message, replies),
  }
}

function threadOf(workspace: Workspace, message: Message, replies: Message[]): Json {
  if (message.threadTs && message.threadTs !== message.ts) {
    const parent = workspace.message(message.channel, message.threadTs)
    return { thread_ts: message.threadTs, ...(parent ? { parent_user_id: parent.user } : {}) }
  }
  if (replies.length === 0) return {}
  return {
    thread_ts: message.ts,
    reply_count: replies.length,
    reply_users: [...new Set(replies.map((reply) => reply.user))],
    latest_reply: replies.at(-1)?.ts,
  }
}

function botProfile(workspace: Workspace): Json {
  const { app } = workspace
  return {
    id: app.botId,
    app_id: app.appId,
    user_id: app.botUserId,
    name: app.name,
    deleted: false,
    updated: 0,
    team_id: app.teamId,
  }
}

export function channelObject(workspace: Workspace, channel: Channel, viewer: string): Json {
  const common = {
    id: channel.id,
    created: channel.createdAt,
    is_archived: channel.archived ?? false,
    context_team_id: workspace.app.teamId,
  }
  if (channel.kind === 'im') {
    const other = channel.members.find((id) => id !== viewer) ?? viewer
    return {
      ...common,
      is_im: true,
      is_org_shared: false,
      user: other,
      is_user_deleted: workspace.person(other)?.deleted ?? false,
      priority: 0,
    }
  }
  const external = channel.members.some((id) => {
    const person = workspace.person(id)
    return person !== undefined && workspace.isExternal(person)
  })
  return {
    ...common,
    name: channel.name,
    name_normalized: channel.name,
    is_channel: channel.kind === 'public',
    is_group: channel.kind === 'private',
    is_im: false,
    is_mpim: channel.kind === 'mpim',
    is_private: channel.kind !== 'public',
    is_general: channel.name === 'general',
    is_member: channel.members.includes(viewer),
    is_shared: external,
    is_ext_shared: external,
    is_org_shared: false,
    creator: channel.members[0] ?? '',
    topic: { value: channel.topic ?? '', creator: '', last_set: 0 },
    purpose: { value: '', creator: '', last_set: 0 },
    num_members: channel.members.length,
  }
}

/** users.info's answer; profile.email only with users:read.email, locale only when asked for and never for external people. */
export function userObject(workspace: Workspace, person: Person, include: { email: boolean; locale: boolean }): Json {
  const external = workspace.isExternal(person)
  const shares = workspace.channels.some(
    (channel) => channel.members.includes(person.id) && channel.members.includes(workspace.app.botUserId),
  )
  return {
    id: person.id,
    team_id: person.teamId ?? workspace.app.teamId,
    name: person.name,
    deleted: person.deleted ?? false,
    real_name: person.realName,
    ...(external && !shares
      ? {}
      : { tz: person.tz, tz_label: person.tz, tz_offset: offsetSeconds(person.tz, workspace.clock.now()) }),
    profile: {
      real_name: person.realName,
      real_name_normalized: person.realName,
      display_name: person.name,
      display_name_normalized: person.name,
      ...(include.email && person.email ? { email: person.email } : {}),
      image_72: person.image ?? '',
      team: person.teamId ?? workspace.app.teamId,
      status_text: '',
      status_emoji: '',
    },
    is_admin: false,
    is_owner: false,
    is_restricted: person.isRestricted ?? false,
    is_ultra_restricted: false,
    is_bot: false,
    is_app_user: false,
    updated: 0,
    ...(external ? { is_stranger: !shares } : {}),
    ...(include.locale && !external ? { locale: person.locale } : {}),
  }
}

/** The app's bot user, as users.info shows it. */
export function botUserObject(workspace: Workspace): Json {
  const { app } = workspace
  return {
    id: app.botUserId,
    team_id: app.teamId,
    name: app.name.toLowerCase(),
    real_name: app.name,
    deleted: false,
    is_bot: true,
    is_app_user: false,
    profile: {
      real_name: app.name,
      display_name: app.name,
      bot_id: app.botId,
      api_app_id: app.appId,
      team: app.teamId,
    },
  }
}

function offsetSeconds(zone: string, at: Date): number {
  const name = new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset' })
    .formatToParts(at)
    .find((part) => part.type === 'timeZoneName')?.value
  const [, sign, hours, minutes] = /GMT([+-])(\d+):(\d+)/.exec(name ?? '') ?? []
  return hours ? (sign === '-' ? -1 : 1) * (Number(hours) * 3600 + Number(minutes) * 60) : 0
}

export function viewObject(workspace: Workspace, view: View): Json {
  const { app } = workspace
  return {
    id: view.id,
    team_id: app.teamId,
    type: view.type,
    blocks: view.blocks,
    private_metadata: view.privateMetadata,
    callback_id: view.callbackId,
    state: { values: view.values },
    hash: view.hash,
    title: view.title ?? { type: 'plain_text', text: 'View Title', emoji: true },
    clear_on_close: view.clearOnClose,
    notify_on_close: view.notifyOnClose,
    close: view.close ?? null,
    submit: view.submit ?? null,
    previous_view_id: view.previousViewId,
    root_view_id: view.rootViewId,
    app_id: app.appId,
    external_id: view.externalId,
    app_installed_team_id: app.teamId,
    bot_id: app.botId,
  }
}

/** Blocks as Slack keeps them: every block and interactive element with an id, text objects with their defaults. */
export function withIds(workspace: Workspace, blocks: readonly Block[]): Block[] {
  const named = (item: unknown, inTexts: boolean): unknown => {
    if (Array.isArray(item)) return item.map((child) => named(child, inTexts))
    if (typeof item !== 'object' || item === null) return item
    const object = Object.fromEntries(
      Object.entries(item as Json).map(([name, child]) => [
        name,
        name === 'event_payload' ? child : named(child, true),
      ]),
    ) as Json
    if (object.type === 'plain_text') object.emoji ??= true
    if (object.type === 'mrkdwn') object.verbatim ??= false
    return object
  }
  return blocks.map((block) => {
    const kept = { ...(named(block, false) as Block) }
    if (kept.type === 'markdown') delete kept.block_id // BK/blocks/markdown-block: ignored
    kept.block_id ??= workspace.secret(3)
    const give = (element: unknown) => {
      const held = element as Block
      if (INTERACTIVE(held)) held.action_id ??= workspace.secret(3)
    }
    if (kept.type === 'input') give(kept.element)
    if (kept.type === 'section' && kept.accessory) give(kept.accessory)
    if (kept.type === 'actions' || kept.type === 'context_actions')
      for (const element of kept.elements as unknown[]) give(element)
    return kept
  })
}

const INTERACTIVE = (element: Block) => !['image', 'plain_text', 'mrkdwn'].includes(element.type)
