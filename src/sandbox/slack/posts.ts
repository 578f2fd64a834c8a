import type { Events } from './events.ts'
import { messageObject } from './objects.ts'
import { Refused } from './refused.ts'
import type { Workspace } from './store.ts'
import type { Block, Message, SlackFile } from './types.ts'
import { withIds } from './with-ids.ts'

type Json = Record<string, unknown>

/** What somebody, or the app, wants to say. */
export interface Content {
  text: string
  blocks?: Block[] | undefined
  attachments?: unknown[] | undefined
  threadTs?: string | undefined
  files?: string[] | undefined
  metadata?: Message['metadata'] | undefined
  broadcast?: boolean | undefined
}

/** Posting, changing and deleting messages: the one place where a channel's messages change, and where the app is told. */
export class Posts {
  private readonly workspace: Workspace
  private readonly events: Events

  constructor(workspace: Workspace, events: Events) {
    this.workspace = workspace
    this.events = events
  }

  byApp(channelId: string, content: Content): Message {
    const { app } = this.workspace
    return this.post(
      channelId,
      { user: app.botUserId, botId: app.botId, appId: app.appId },
      { ...content, text: kept(content.text) },
    )
  }

  byPerson(channelId: string, userId: string, content: Content): Message {
    return this.post(channelId, { user: userId }, content)
  }

  ephemeral(channelId: string, userId: string, content: Content): string {
    const { app } = this.workspace
    const ts = this.workspace.ts()
    this.workspace.addEphemeral({
      ...this.message(
        channelId,
        { user: app.botUserId, botId: app.botId, appId: app.appId },
        { ...content, text: kept(content.text) },
        ts,
      ),
      forUser: userId,
    })
    return ts
  }

  /** Changes text and blocks in place; an `edited` mark stands only on a text-only change (M/chat.update). */
  change(message: Message, content: { text: string; blocks: Block[]; marked: boolean }, editor: string): void {
    const before = messageObject(this.workspace, message)
    this.fill(message, content.text, content.blocks)
    if (content.marked) message.edited = { user: editor, ts: this.workspace.ts() }
    this.events.changed(before, message)
    this.workspace.changed()
  }

  /** Sets text and blocks without telling anybody. */
  fill(message: Message, text: string, blocks: Block[]): void {
    message.text = kept(text)
    if (blocks.length) message.blocks = withIds(this.workspace, blocks)
    else delete message.blocks
  }

  /** Deletes a message; a parent with replies leaves a tombstone, as in Slack's client. */
  delete(message: Message): void {
    const before = messageObject(this.workspace, message)
    const list = this.workspace.messages(message.channel)
    const hasReplies = list.some((other) => other.threadTs === message.ts && other !== message)
    if (hasReplies) {
      Object.assign(message, { subtype: 'tombstone', text: 'This message was deleted.', user: 'USLACKBOT' })
      for (const name of ['blocks', 'attachments', 'files', 'metadata', 'botId', 'appId'] as const) delete message[name]
      this.events.changed(before, message)
    } else {
      list.splice(list.indexOf(message), 1)
      this.events.deleted(before, message)
    }
    this.workspace.changed()
  }

  /** Deletes a file wherever it was shared; a message that said nothing else goes with it. */
  deleteFile(file: SlackFile): void {
    for (const channelId of file.channels)
      for (const message of [...this.workspace.messages(channelId)]) {
        if (!message.files?.includes(file.id)) continue
        const before = messageObject(this.workspace, message)
        message.files = message.files.filter((id) => id !== file.id)
        if (message.files.length === 0 && message.text === '' && !message.blocks?.length) this.delete(message)
        else this.events.changed(before, message)
      }
    this.workspace.dropFile(file.id)
  }

  changeByResponse(channelId: string, ts: string, body: Json): void {
    const message = this.workspace.message(channelId, ts)
    if (!message) throw new Refused('message_not_found', {}, { status: 404 })
    const blocks = (body.blocks ?? []) as Block[]
    if (body.delete_original === true) this.delete(message)
    else this.change(message, { text: String(body.text ?? ''), blocks, marked: false }, this.workspace.app.botUserId)
  }

  private post(channelId: string, author: Pick<Message, 'user' | 'botId' | 'appId'>, content: Content): Message {
    const message = this.message(channelId, author, content, this.workspace.ts())
    this.workspace.messages(channelId).push(message)
    for (const id of content.files ?? []) {
      const file = this.workspace.file(id)
      if (file && !file.channels.includes(channelId)) file.channels.push(channelId)
    }
    this.events.posted(message)
    this.workspace.changed()
    return message
  }

  private message(
    channelId: string,
    author: Pick<Message, 'user' | 'botId' | 'appId'>,
    content: Content,
    ts: string,
  ): Message {
    return {
      ts,
      channel: channelId,
      ...author,
      text: content.text,
      ...(content.blocks?.length ? { blocks: withIds(this.workspace, content.blocks) } : {}),
      ...(content.attachments?.length ? { attachments: content.attachments } : {}),
      ...(content.files?.length ? { files: content.files } : {}),
      ...(content.threadTs ? { threadTs: content.threadTs } : {}),
      ...(content.metadata ? { metadata: content.metadata } : {}),
      ...(content.broadcast ? { broadcast: true } : {}),
    }
  }
}

const KEPT = /<(?:[@#!][^<>\n]*|(?:https?|mailto|tel):[^<>\n]*)>|&(?:amp|lt|gt);|[&<>]/g
const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' }

/** Text from an app as Slack keeps it: a bare & < > becomes an entity, `<…>` of a link, mention or date stays. */
export function kept(text: string): string {
  return text.replace(KEPT, (found) => ENTITIES[found] ?? found)
}
