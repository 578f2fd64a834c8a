import type { Acknowledgement } from './delivery.ts'
import { withColons } from './emoji.ts'
import { type Events, escaped } from './events.ts'
import type { Interactions } from './interactions.ts'
import { messageObject } from './objects.ts'
import type { NewFile, People } from './people.ts'
import type { Posts } from './posts.ts'
import type { Workspace } from './store.ts'
import type { Channel, Message, Outcome, Person, SlackFile } from './types.ts'

const MESSAGE_LIMIT = 40_000 // what Slack's own client lets a person send; longer is cut

/** Why something cannot be done, as the client says it. */
export function no(error: string, says: string): { ok: false; error: string; says: string } {
  return { ok: false, error, says }
}

/** Slack's client in a person's hands: commands, shortcuts, messages, files, channels. Views are in client-views.ts. */
export class Client implements Omit<People, 'click' | 'fill' | 'suggest' | 'submit' | 'close'> {
  private readonly workspace: Workspace
  private readonly interactions: Interactions
  private readonly posts: Posts
  private readonly events: Events

  constructor(workspace: Workspace, interactions: Interactions, posts: Posts, events: Events) {
    this.workspace = workspace
    this.interactions = interactions
    this.posts = posts
    this.events = events
  }

  async slash(userId: string, channelId: string, command: string, text = ''): Promise<Outcome> {
    const { person, channel } = this.where(userId, channelId)
    const unknown = !this.workspace.app.commands.some((known) => known.command === command)
    // External people cannot use an app's commands (/apis/slack-connect): for them the command does not exist.
    if (unknown || !this.workspace.mayCommand(person))
      return no('unknown_command', `${command} is not a valid command.`)
    const answer = await this.interactions.slash(person, channel, command, text)
    return this.outcome(userId, answer, (error) => `${command} failed with the error "${error}"`)
  }

  async globalShortcut(userId: string, callbackId: string): Promise<Outcome> {
    if (!this.knows('global', callbackId) || !this.workspace.mayCommand(this.workspace.actor(userId)))
      return no('unknown_shortcut', 'That shortcut does not exist.')
    return this.outcome(
      userId,
      await this.interactions.globalShortcut(this.workspace.actor(userId), callbackId),
      trouble,
    )
  }

  async messageShortcut(
    userId: string,
    callbackId: string,
    target: { channelId: string; ts: string },
  ): Promise<Outcome> {
    const { person, channel } = this.where(userId, target.channelId)
    const message = this.workspace.message(target.channelId, target.ts)
    if (!message) return no('message_not_found', 'This message no longer exists.')
    if (!this.knows('message', callbackId) || !this.workspace.mayCommand(person)) {
      return no('unknown_shortcut', 'That shortcut does not exist.')
    }
    return this.outcome(userId, await this.interactions.messageShortcut(person, callbackId, message, channel), trouble)
  }

  async post(
    userId: string,
    channelId: string,
    message: { text?: string; mentions?: string[]; threadTs?: string; fileIds?: string[]; files?: NewFile[] },
  ): Promise<Outcome<{ ts: string }>> {
    const { channel } = this.where(userId, channelId)
    if (channel.archived) return no('is_archived', 'You cannot write in an archived channel.')
    const uploaded = await Promise.all((message.files ?? []).map((file) => this.upload(userId, file)))
    const files = [...(message.fileIds ?? []), ...uploaded.map((file) => file.id)]
    if (!message.text && files.length === 0) return no('no_text', 'There is nothing to send.')
    const shared = channel.members.includes(this.workspace.app.botUserId)
    for (const id of files) {
      const file = this.workspace.file(id)
      if (file && shared) file.sharedWithApp = true
    }
    const parent = message.threadTs && this.workspace.message(channelId, message.threadTs)
    const threadTs = parent ? (parent.threadTs ?? parent.ts) : undefined
    const names = (message.mentions ?? []).map((id) => `<@${id}> `).join('')
    const text = names + escaped(withColons((message.text ?? '').slice(0, MESSAGE_LIMIT)))
    const { ts } = this.posts.byPerson(channelId, userId, { text, files, threadTs })
    this.read(userId, channelId)
    return { ok: true, ts }
  }

  async edit(userId: string, channelId: string, ts: string, text: string): Promise<Outcome> {
    const message = this.own(userId, channelId, ts)
    if (!message) return no('cant_update_message', 'You cannot edit this message.')
    const before = messageObject(this.workspace, message)
    // Whoever edits has the names at its beginning before them too, and leaves them there.
    const names = /^(?:<@\w+> )*/.exec(message.text)![0]
    message.text = names + escaped(withColons(text))
    message.edited = { user: userId, ts: this.workspace.ts() }
    this.events.changed(before, message)
    this.workspace.changed()
    return { ok: true }
  }

  async delete(userId: string, channelId: string, ts: string): Promise<Outcome> {
    const { person } = this.where(userId, channelId)
    const message = person.isAdmin ? this.workspace.message(channelId, ts) : this.own(userId, channelId, ts)
    if (!message) return no('cant_delete_message', 'You cannot delete this message.')
    this.posts.delete(message)
    return { ok: true }
  }

  async react(userId: string, channelId: string, ts: string, name: string): Promise<Outcome> {
    this.where(userId, channelId)
    const message = this.workspace.message(channelId, ts)
    if (!message) return no('message_not_found', 'This message no longer exists.')
    message.reactions ??= []
    const reaction = message.reactions.find((other) => other.name === name)
    const had = reaction?.users.includes(userId) ?? false
    if (reaction) reaction.users = had ? reaction.users.filter((id) => id !== userId) : [...reaction.users, userId]
    else message.reactions.push({ name, users: [userId] })
    message.reactions = message.reactions.filter((other) => other.users.length > 0)
    this.events.reaction(had ? 'reaction_removed' : 'reaction_added', userId, message, name)
    this.workspace.changed()
    return { ok: true }
  }

  async openHome(userId: string, tab: 'home' | 'messages' = 'home'): Promise<Outcome> {
    this.workspace.actor(userId)
    const { channel } = this.workspace.directMessage([this.workspace.app.botUserId, userId])
    this.events.homeOpened(userId, channel.id, tab)
    return { ok: true }
  }

  async openDm(userId: string, otherId = this.workspace.app.botUserId): Promise<Outcome<{ channelId: string }>> {
    this.workspace.actor(userId)
    return { ok: true, channelId: this.workspace.directMessage([userId, otherId]).channel.id }
  }

  async join(userId: string, channelId: string): Promise<Outcome> {
    const channel = this.workspace.channel(channelId)
    if (channel?.kind !== 'public') return no('channel_not_found', 'You need an invitation to join this channel.')
    return this.enter(channel, userId)
  }

  async invite(userId: string, channelId: string, otherId: string): Promise<Outcome> {
    return this.enter(this.where(userId, channelId).channel, otherId, userId)
  }

  async leave(userId: string, channelId: string): Promise<Outcome> {
    return this.exit(this.where(userId, channelId).channel, userId)
  }

  async kick(userId: string, channelId: string, otherId: string): Promise<Outcome> {
    return this.exit(this.where(userId, channelId).channel, otherId)
  }

  async archive(userId: string, channelId: string): Promise<Outcome> {
    this.where(userId, channelId).channel.archived = true
    this.workspace.changed()
    return { ok: true }
  }

  upload(userId: string, file: NewFile): Promise<SlackFile> {
    const owner = { user: userId, createdAt: this.workspace.seconds(), channels: [], sharedWithApp: false }
    const named = { id: this.workspace.id('F'), name: file.name, title: file.name, mimetype: file.mimetype }
    return this.workspace.keepFile({ ...named, ...owner }, file.bytes)
  }

  read(userId: string, channelId: string): void {
    const latest = this.workspace.messages(channelId).at(-1)?.ts
    if (!latest || this.workspace.read[`${userId} ${channelId}`] === latest) return
    this.workspace.read[`${userId} ${channelId}`] = latest
    this.workspace.changed()
  }

  dismissNotice(userId: string, noticeId: string): void {
    const list = this.workspace.notices.get(userId) ?? []
    this.workspace.notices.set(
      userId,
      list.filter((notice) => notice.id !== noticeId),
    )
    this.workspace.changed()
  }

  private enter(channel: Channel, userId: string, inviter?: string): Outcome {
    if (channel.members.includes(userId)) return no('already_in_channel', 'Already in this channel.')
    channel.members.push(userId)
    this.events.joined(channel, userId, inviter)
    this.workspace.changed()
    return { ok: true }
  }

  private exit(channel: Channel, userId: string): Outcome {
    if (!channel.members.includes(userId)) return no('not_in_channel', 'Not in this channel.')
    const told = channel.members.includes(this.workspace.app.botUserId)
    channel.members = channel.members.filter((id) => id !== userId)
    if (told) this.events.left(channel, userId)
    this.workspace.changed()
    return { ok: true }
  }

  private own(userId: string, channelId: string, ts: string): Message | undefined {
    this.where(userId, channelId)
    const message = this.workspace.message(channelId, ts)
    return message?.user === userId ? message : undefined
  }

  private knows(type: 'global' | 'message', callbackId: string): boolean {
    return this.workspace.app.shortcuts.some((shortcut) => shortcut.type === type && shortcut.callbackId === callbackId)
  }

  private where(userId: string, channelId: string): { person: Person; channel: Channel } {
    const channel = this.workspace.channel(channelId)
    if (!channel?.members.includes(userId)) throw new Error(`${userId} is not in ${channelId}: join or invite first`)
    return { person: this.workspace.actor(userId), channel }
  }

  private outcome(userId: string, answer: Acknowledgement, words: (error: string) => string): Outcome {
    if (answer.ok) return { ok: true }
    this.workspace.notify(userId, answer.error, words(answer.error))
    return no(answer.error, words(answer.error))
  }
}

/** What the client says when a click or a shortcut met no answer in time. */
export function trouble(): string {
  return 'We had some trouble connecting. Try again?'
}
