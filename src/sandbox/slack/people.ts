import type { ClickTarget, InputValue, Outcome, SlackFile, SubmitOutcome } from './types.ts'

/** Everything a person can do in Slack's client. Each promise resolves when that person would see the result. */
export interface People {
  /** Types `command text` into a channel. */
  slash(userId: string, channelId: string, command: string, text?: string): Promise<Outcome>
  globalShortcut(userId: string, callbackId: string): Promise<Outcome>
  messageShortcut(userId: string, callbackId: string, target: { channelId: string; ts: string }): Promise<Outcome>
  /** Sends a message; `text` as typed (the stand-in escapes it, as Slack's client does). */
  post(
    userId: string,
    channelId: string,
    message: { text?: string; mentions?: string[]; threadTs?: string; fileIds?: string[]; files?: NewFile[] },
  ): Promise<Outcome<{ ts: string }>>
  edit(userId: string, channelId: string, ts: string, text: string): Promise<Outcome>
  /** One's own message; an admin (Person.isAdmin) anybody's, the app's too. */
  delete(userId: string, channelId: string, ts: string): Promise<Outcome>
  react(userId: string, channelId: string, ts: string, name: string): Promise<Outcome>
  /** Opens the app's Home tab ('messages': its Messages tab). Sends app_home_opened. */
  openHome(userId: string, tab?: 'home' | 'messages'): Promise<Outcome>
  /** Opens (once) the direct message with another person or the app. */
  openDm(userId: string, otherId?: string): Promise<Outcome<{ channelId: string }>>
  join(userId: string, channelId: string): Promise<Outcome>
  leave(userId: string, channelId: string): Promise<Outcome>
  /** Adds somebody (the bot too) to a channel: `/invite`. */
  invite(userId: string, channelId: string, otherId: string): Promise<Outcome>
  /** Removes somebody (the bot too) from a channel. */
  kick(userId: string, channelId: string, otherId: string): Promise<Outcome>
  /** From now on nobody, the app included, can write there (`is_archived`). */
  archive(userId: string, channelId: string): Promise<Outcome>
  /** Presses a button, or chooses in a select, picker, checkbox … of an actions or section block. */
  click(
    userId: string,
    target: ClickTarget,
    actionId: string,
    options?: { blockId?: string; value?: InputValue },
  ): Promise<Outcome>
  /** Types or chooses in an input block of the open modal; tells the app only when the block has dispatch_action. */
  fill(userId: string, viewId: string, blockId: string, value: InputValue, actionId?: string): Promise<Outcome>
  /** Options an external_select offers for what was typed. */
  suggest(
    userId: string,
    target: ClickTarget,
    actionId: string,
    query: string,
    blockId?: string,
  ): Promise<Outcome<{ options: unknown[]; option_groups?: unknown[] }>>
  /** Presses the modal's submit button, after putting in `values` by block_id, or by block_id and action_id. */
  submit(
    userId: string,
    viewId: string,
    values?: Record<string, InputValue | Record<string, InputValue>>,
  ): Promise<SubmitOutcome>
  /** Cancels the top view ('all': the × that closes the whole modal). */
  close(userId: string, viewId: string, which?: 'view' | 'all'): Promise<Outcome>
  /** Uploads a file that can then be put into a file_input or a message. */
  upload(userId: string, file: NewFile): Promise<SlackFile>
  /** Marks a channel as read by this person. */
  read(userId: string, channelId: string): void
  dismissNotice(userId: string, noticeId: string): void
}

export interface NewFile {
  name: string
  mimetype: string
  bytes: Uint8Array
}
