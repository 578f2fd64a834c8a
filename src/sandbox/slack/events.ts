import type { Outbox } from './delivery.ts'
import { fileObject } from './file-objects.ts'
import { CHANNEL_TYPE, messageObject, viewObject } from './objects.ts'
import type { Workspace } from './store.ts'
import type { Channel, Message } from './types.ts'

type Json = Record<string, unknown>

const HISTORY_SCOPE = {
  public: 'channels:history',
  private: 'groups:history',
  im: 'im:history',
  mpim: 'mpim:history',
} as const
const MESSAGE_EVENT = {
  public: 'message.channels',
  private: 'message.groups',
  im: 'message.im',
  mpim: 'message.mpim',
} as const

/** What happens in the workspace, told to the app where it is subscribed, present, and allowed to hear it (/apis/events-api). */
export class Events {
  private readonly workspace: Workspace
  private readonly outbox: Outbox

  constructor(workspace: Workspace, outbox: Outbox) {
    this.workspace = workspace
    this.outbox = outbox
  }

  posted(message: Message): void {
    const event = messageObject(this.workspace, message)
    delete event.reply_count
    delete event.reply_users
    delete event.latest_reply
    if (message.subtype === undefined && message.files?.length) Object.assign(event, { subtype: 'file_share' })
    if (message.broadcast) Object.assign(event, { subtype: 'thread_broadcast' })
    if (message.botId === undefined)
      Object.assign(event, { client_msg_id: this.workspace.secret(), ...asTyped(this.workspace, message) })
    this.message(message.channel, event, message.ts)
    if (message.botId === undefined) this.linksIn(message)
  }

  /**
   * Told to the app for its own domains: in public channels, elsewhere where it is; never of external people
   * (/apis/slack-connect). Of DMs of two people the documentation says nothing sure, so they are told of too: an app must
   * look at `is_bot_user_member`.
   */
  private linksIn(message: Message): void {
    const { app } = this.workspace
    const links = linksTo(app.unfurlDomains ?? [], message.text)
    const kind = this.workspace.channel(message.channel)?.kind
    const isTold = kind === 'public' || kind === 'im' || this.botIsIn(message.channel)
    if (links.length === 0 || !app.scopes.includes('links:read') || !isTold) return
    if (isFromOutside(this.workspace, message.user)) return
    this.send('link_shared', {
      type: 'link_shared',
      user: message.user,
      channel: message.channel,
      message_ts: message.ts,
      ...(message.threadTs ? { thread_ts: message.threadTs } : {}),
      is_bot_user_member: this.botIsIn(message.channel),
      links,
      unfurl_id: `${message.channel}.${message.ts}.${this.workspace.secret(6)}`,
      source: 'conversations_history',
      event_ts: this.workspace.ts(),
    })
  }

  changed(before: Json, message: Message): void {
    this.subtype('message_changed', message.channel, {
      message: messageObject(this.workspace, message),
      previous_message: before,
    })
  }

  deleted(before: Json, message: Message): void {
    this.subtype('message_deleted', message.channel, { previous_message: before, deleted_ts: message.ts })
  }

  joined(channel: Channel, user: string, inviter?: string): void {
    this.membership('member_joined_channel', channel, user, inviter ? { inviter } : {})
  }

  left(channel: Channel, user: string): void {
    this.membership('member_left_channel', channel, user, {})
  }

  homeOpened(user: string, channel: string, tab: 'home' | 'messages'): void {
    const view = this.workspace.homes[user]
    const shown = tab === 'home' && view ? { view: viewObject(this.workspace, view) } : {}
    this.send('app_home_opened', {
      type: 'app_home_opened',
      user,
      channel,
      tab,
      ...shown,
      event_ts: this.workspace.ts(),
    })
  }

  reaction(type: 'reaction_added' | 'reaction_removed', user: string, message: Message, name: string): void {
    if (!this.botIsIn(message.channel)) return
    const item = { type: 'message', channel: message.channel, ts: message.ts }
    this.send(type, { type, user, reaction: name, item, item_user: message.user, event_ts: this.workspace.ts() })
  }

  private subtype(subtype: string, channel: string, content: Json): void {
    const ts = this.workspace.ts()
    this.message(channel, { type: 'message', subtype, hidden: true, ts, ...content }, ts)
  }

  private message(channelId: string, event: Json, eventTs: string): void {
    const channel = this.workspace.channel(channelId)
    if (!channel || !this.botIsIn(channelId) || !this.workspace.app.scopes.includes(HISTORY_SCOPE[channel.kind])) return
    this.send(MESSAGE_EVENT[channel.kind], {
      ...event,
      channel: channelId,
      channel_type: CHANNEL_TYPE[channel.kind],
      event_ts: eventTs,
    })
  }

  private membership(type: string, channel: Channel, user: string, more: Json): void {
    if (!this.botIsIn(channel.id) && user !== this.workspace.app.botUserId) return
    const kind = channel.kind === 'public' ? 'C' : 'G'
    const team = this.workspace.person(user)?.teamId ?? this.workspace.app.teamId
    this.send(type, {
      type,
      user,
      channel: channel.id,
      channel_type: kind,
      team,
      ...more,
      event_ts: this.workspace.ts(),
    })
  }

  private botIsIn(channelId: string): boolean {
    return this.workspace.channel(channelId)?.members.includes(this.workspace.app.botUserId) ?? false
  }

  private isShared(channelId: unknown): boolean {
    const members = this.workspace.channel(String(channelId))?.members ?? []
    return members.some((id) => isFromOutside(this.workspace, id))
  }

  private send(subscription: string, event: Json): void {
    const { app } = this.workspace
    if (!app.events.includes(subscription)) return
    this.outbox.event({
      token: 'sandbox-verification-token',
      team_id: app.teamId,
      context_team_id: app.teamId,
      context_enterprise_id: null,
      api_app_id: app.appId,
      event,
      type: 'event_callback',
      event_id: this.workspace.id('Ev'),
      event_time: this.workspace.seconds(),
      authorizations: [
        {
          enterprise_id: null,
          team_id: app.teamId,
          user_id: app.botUserId,
          is_bot: true,
          is_enterprise_install: false,
        },
      ],
      is_ext_shared_channel: this.isShared(event.channel),
      event_context: `4-${this.workspace.secret(12)}`,
    })
  }
}

/** The links of a text to hosts of the app. */
export function linksTo(domains: string[], text: string): { url: string; domain: string }[] {
  const urls = unescaped(text).match(/https?:\/\/[^\s<>|]+/g) ?? []
  return [...new Set(urls)].flatMap((url) => {
    const domain = URL.parse(url)?.hostname
    return domain && domains.includes(domain) ? [{ url, domain }] : []
  })
}

/** What people type comes with a rich_text block holding the text as typed, besides the escaped `text`. */
function asTyped(workspace: Workspace, message: Message): Json {
  const files = (message.files ?? []).flatMap((id) => workspace.file(id) ?? [])
  const text = unescaped(message.text)
  const section = { type: 'rich_text_section', elements: [{ type: 'text', text }] }
  return {
    ...(text ? { blocks: [{ type: 'rich_text', block_id: workspace.secret(3), elements: [section] }] } : {}),
    ...(files.length && !files.some((file) => isFromOutside(workspace, file.user))
      ? { files: files.map((file) => fileObject(workspace, file)) }
      : {}),
  }
}

function isFromOutside(workspace: Workspace, userId: string): boolean {
  const person = workspace.person(userId)
  return person !== undefined && workspace.isExternal(person)
}

/** Slack's three entities, and only these (/messaging/formatting-message-text). */
export function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

export function unescaped(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')
}
