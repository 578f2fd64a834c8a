import { valuesOf } from './inputs.ts'
import { mentionsIn } from './mentions.ts'
import type { State } from './stand-in.ts'
import type { Ephemeral, Workspace } from './store.ts'
import type { Channel, Message, OpenModal, Screen, SeenChannel, SeenMessage } from './types.ts'

/** What each person has on screen, read out of the workspace. */
export function stateOf(workspace: Workspace, connected: () => boolean): State {
  const bot = workspace.app.botUserId

  const author = (id: string) => {
    if (id === bot) return { id, name: workspace.app.name, isBot: true }
    const person = workspace.person(id)
    const name = id === 'USLACKBOT' ? 'Slackbot' : (person?.realName ?? id)
    return { id, name, isBot: id === 'USLACKBOT', ...(person?.image ? { image: person.image } : {}) }
  }

  const seen = (message: Message, viewer?: string): SeenMessage => {
    const replies = workspace
      .messages(message.channel)
      .filter((other) => other.threadTs === message.ts && other !== message)
    const latest = replies.at(-1)?.ts
    return {
      ...message,
      author: author(message.user),
      fileObjects: (message.files ?? []).flatMap((id) => workspace.file(id) ?? []),
      replyCount: replies.length,
      replyUsers: [...new Set(replies.map((reply) => reply.user))],
      ...(latest ? { latestReply: latest } : {}),
      ...('forUser' in message ? { ephemeral: true } : {}),
      values: valuesOf(message.blocks ?? [], workspace.messageValues.get(`${viewer} ${message.channel} ${message.ts}`)),
    }
  }

  const messages = (
    channelId: string,
    { viewer, threadTs }: { viewer?: string; threadTs?: string } = {},
  ): SeenMessage[] => {
    const own: Ephemeral[] = viewer
      ? (workspace.ephemerals.get(viewer) ?? []).filter((each) => each.channel === channelId)
      : []
    const inView = (message: Message) =>
      threadTs
        ? message.ts === threadTs || message.threadTs === threadTs
        : message.threadTs === undefined || message.threadTs === message.ts || message.broadcast === true
    return [...workspace.messages(channelId), ...own]
      .filter(inView)
      .sort((one, other) => Number(one.ts) - Number(other.ts))
      .map((message) => seen(message, viewer))
  }

  const seenChannel = (channel: Channel, userId: string): SeenChannel => {
    const all = workspace.messages(channel.id)
    const latest = all.at(-1)?.ts
    const read = Number(workspace.read[`${userId} ${channel.id}`] ?? 0)
    const other = channel.kind === 'im' ? (channel.members.find((id) => id !== userId) ?? userId) : undefined
    return {
      ...channel,
      ...(other ? { with: author(other) } : {}),
      ...(latest ? { latestTs: latest } : {}),
      unread: all.filter((message) => Number(message.ts) > read && message.user !== userId).length,
    }
  }

  const channels = (userId: string): SeenChannel[] =>
    workspace.channels
      .filter((channel) => channel.members.includes(userId))
      .map((channel) => seenChannel(channel, userId))
      .sort((one, other) => Number(other.latestTs ?? 0) - Number(one.latestTs ?? 0))

  const modal = (userId: string): OpenModal | null => {
    const held = workspace.modals.get(userId)
    const view = held?.stack.at(-1)
    if (!held || !view) return null
    return { view, depth: held.stack.length, errors: held.errors, ...(held.banner ? { banner: held.banner } : {}) }
  }

  const home = (userId: string) => workspace.homes[userId] ?? null

  const screen = (userId: string): Screen => {
    const me = workspace.person(userId)
    if (!me) throw new Error(`${userId} is nobody in this workspace`)
    const { app } = workspace
    return {
      me,
      now: workspace.clock.now().getTime(),
      app: {
        id: app.appId,
        name: app.name,
        botUserId: bot,
        botId: app.botId,
        teamId: app.teamId,
        commands: app.commands,
        shortcuts: app.shortcuts,
        connected: connected(),
      },
      people: workspace.people,
      channels: channels(userId),
      modal: modal(userId),
      home: home(userId),
      notices: workspace.notices.get(userId) ?? [],
    }
  }

  return {
    people: () => workspace.people,
    channels,
    channel: (id) => workspace.channel(id),
    messages,
    all: (channelId) => workspace.messages(channelId),
    modal,
    home,
    ephemerals: (userId) => (workspace.ephemerals.get(userId) ?? []).map((message) => seen(message, userId)),
    file: (id) => workspace.file(id),
    fileBytes: (id) => workspace.fileBytes(id),
    notices: (userId) => workspace.notices.get(userId) ?? [],
    screen,
    mentions: (channelId) =>
      workspace
        .messages(channelId)
        .filter((message) => message.botId)
        .flatMap(mentionsIn),
    dm: (userId) =>
      workspace.channels.find(
        (each) => each.kind === 'im' && each.members.includes(userId) && each.members.includes(bot),
      ),
  }
}
