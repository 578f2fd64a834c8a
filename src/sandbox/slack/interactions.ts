import type { Acknowledgement, Outbox } from './delivery.ts'
import { messageObject, viewObject } from './objects.ts'
import { Refused } from './refused.ts'
import type { ResponseUrls } from './response-urls.ts'
import type { Workspace } from './store.ts'
import type { Triggers } from './triggers.ts'
import type { Channel, Message, Person, View, ViewValues } from './types.ts'
import { checkMessage } from './validate/messages.ts'

type Json = Record<string, unknown>

/** Builds the payload of everything a person can do to the app, and sends it (docs.slack.dev/reference/interaction-payloads). */
export class Interactions {
  private readonly workspace: Workspace
  private readonly outbox: Outbox
  private readonly triggers: Triggers
  private readonly responseUrls: ResponseUrls

  constructor(workspace: Workspace, outbox: Outbox, triggers: Triggers, responseUrls: ResponseUrls) {
    this.workspace = workspace
    this.outbox = outbox
    this.triggers = triggers
    this.responseUrls = responseUrls
  }

  async slash(person: Person, channel: Channel, command: string, text: string): Promise<Acknowledgement> {
    const { app } = this.workspace
    const place = { userId: person.id, channelId: channel.id }
    const answer = await this.outbox.interact('slash_commands', command, {
      token: 'sandbox-verification-token',
      team_id: app.teamId,
      team_domain: 'sandbox',
      channel_id: channel.id,
      channel_name: channelName(channel),
      user_id: person.id,
      user_name: person.name,
      command,
      text,
      api_app_id: app.appId,
      is_enterprise_install: 'false',
      response_url: this.responseUrls.issue(place, 'commands'),
      trigger_id: this.triggers.issue(person.id),
    })
    const said = answer.ok ? answer.body : undefined
    const body = typeof said === 'string' ? { text: said } : (said as Json | undefined)
    if (!body || !(body.text || body.blocks)) return answer
    try {
      checkMessage(body)
      this.responseUrls.answer(place, body)
      return answer
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      return { ok: false, error: 'dispatch_failed' }
    }
  }

  globalShortcut(person: Person, callbackId: string): Promise<Acknowledgement> {
    const payload = {
      ...this.common('shortcut', person),
      callback_id: callbackId,
      trigger_id: this.triggers.issue(person.id),
    }
    return this.outbox.interact('interactive', 'shortcut', { ...payload, action_ts: this.workspace.ts() })
  }

  messageShortcut(person: Person, callbackId: string, message: Message, channel: Channel): Promise<Acknowledgement> {
    const place = { userId: person.id, channelId: channel.id, ts: message.ts }
    return this.outbox.interact('interactive', 'message_action', {
      ...this.common('message_action', person),
      callback_id: callbackId,
      trigger_id: this.triggers.issue(person.id),
      response_url: this.responseUrls.issue(place, 'app'),
      message_ts: message.ts,
      action_ts: this.workspace.ts(),
      channel: { id: channel.id, name: channelName(channel) },
      message: messageObject(this.workspace, message),
    })
  }

  clickInMessage(
    person: Person,
    channel: Channel,
    message: Message,
    action: Json,
    more: { ephemeral: boolean; values: ViewValues },
  ): Promise<Acknowledgement> {
    const place = { userId: person.id, channelId: channel.id, ts: message.ts, threadTs: message.threadTs ?? message.ts }
    const thread = message.threadTs ? { thread_ts: message.threadTs } : {}
    return this.outbox.interact('interactive', 'block_actions', {
      ...this.common('block_actions', person),
      container: {
        type: 'message',
        message_ts: message.ts,
        channel_id: channel.id,
        is_ephemeral: more.ephemeral,
        ...thread,
      },
      trigger_id: this.triggers.issue(person.id),
      channel: { id: channel.id, name: channelName(channel) },
      ...(more.ephemeral ? {} : { message: messageObject(this.workspace, message) }),
      state: { values: more.values },
      response_url: this.responseUrls.issue(place),
      actions: [{ ...action, action_ts: this.workspace.ts() }],
    })
  }

  clickInView(person: Person, view: View, action: Json): Promise<Acknowledgement> {
    return this.outbox.interact('interactive', 'block_actions', {
      ...this.common('block_actions', person),
      container: { type: 'view', view_id: view.id },
      trigger_id: this.triggers.issue(person.id, view.id),
      view: viewObject(this.workspace, view),
      actions: [{ ...action, action_ts: this.workspace.ts() }],
    })
  }

  submission(person: Person, view: View, responseUrls: { block_id: string; action_id: string; channel_id: string }[]) {
    return this.outbox.interact('interactive', 'view_submission', {
      ...this.common('view_submission', person),
      trigger_id: this.triggers.issue(person.id, view.id),
      view: viewObject(this.workspace, view),
      response_urls: responseUrls.map((place) => ({
        ...place,
        response_url: this.responseUrls.issue({ userId: person.id, channelId: place.channel_id }, 'app'),
      })),
    })
  }

  closed(person: Person, view: View, isCleared: boolean): Promise<Acknowledgement> {
    const payload = {
      ...this.common('view_closed', person),
      view: viewObject(this.workspace, view),
      is_cleared: isCleared,
    }
    return this.outbox.interact('interactive', 'view_closed', payload)
  }

  suggestion(
    person: Person,
    asked: { actionId: string; blockId: string; query: string },
    at: { view: View } | { message: Message; channel: Channel },
  ): Promise<Acknowledgement> {
    const place =
      'view' in at
        ? { container: { type: 'view', view_id: at.view.id }, view: viewObject(this.workspace, at.view) }
        : {
            container: { type: 'message', message_ts: at.message.ts, channel_id: at.channel.id, is_ephemeral: false },
            channel: { id: at.channel.id, name: channelName(at.channel) },
            message: messageObject(this.workspace, at.message),
          }
    return this.outbox.interact('interactive', 'block_suggestion', {
      ...this.common('block_suggestion', person),
      action_id: asked.actionId,
      block_id: asked.blockId,
      value: asked.query,
      ...place,
    })
  }

  private common(type: string, person: Person): Json {
    const { app } = this.workspace
    const teamId = person.teamId ?? app.teamId
    return {
      type,
      token: 'sandbox-verification-token',
      team: { id: teamId, domain: teamId === app.teamId ? 'sandbox' : 'elsewhere' },
      user: { id: person.id, username: person.name, name: person.name, team_id: teamId },
      api_app_id: app.appId,
      enterprise: app.enterpriseId ? { id: app.enterpriseId, name: 'Sandbox Enterprise' } : null,
      is_enterprise_install: false,
    }
  }
}

function channelName(channel: Channel): string {
  if (channel.kind === 'im') return 'directmessage'
  return channel.kind === 'private' ? 'privategroup' : channel.name
}
