import { fileInEvent } from './file-objects.ts'
import type { Workspace } from './store.ts'
import type { Channel, Message, View } from './types.ts'

/** The objects of Slack's API as they stand in payloads and answers (docs.slack.dev/reference/objects). */
type Json = Record<string, unknown>

export const CHANNEL_TYPE = { public: 'channel', private: 'group', im: 'im', mpim: 'mpim' } as const

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
    ...fromOutside(workspace, message),
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

/** Messages of external people say from which workspace (/apis/slack-connect). */
function fromOutside(workspace: Workspace, message: Message): Json {
  const teamId = workspace.person(message.user)?.teamId
  return teamId && teamId !== workspace.app.teamId ? { user_team: teamId, source_team: teamId } : {}
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
  const isShared = channel.members.some(
    (id) => (workspace.person(id)?.teamId ?? workspace.app.teamId) !== workspace.app.teamId,
  )
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
    is_shared: isShared,
    is_ext_shared: external,
    is_org_shared: isShared && !external,
    creator: channel.members[0] ?? '',
    topic: { value: channel.topic ?? '', creator: '', last_set: 0 },
    purpose: { value: '', creator: '', last_set: 0 },
    num_members: channel.members.length,
  }
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
