import { expect } from 'vitest'
import type { ClickTarget, InputValue, OpenModal, SeenMessage, View } from '../../src/sandbox/slack/types.ts'
import { cardOf, fillIn, modalOf, openForm, rootOf, technical, under } from '../slack/scenes.ts'
import { dmOf, press, writeMail } from '../support/acting.ts'
import { eventually, GENERAL, KOFI, type World } from '../support/world.ts'

export type Values = Record<string, InputValue>

/** Somebody who goes through screens, and what their hands can do. What they write is in capitals: no label is. */
export class Walker {
  readonly world: World
  readonly user: string
  readonly address: string

  constructor(world: World, user: string, address: string) {
    this.world = world
    this.user = user
    this.address = address
  }

  modal(callbackId?: string): Promise<OpenModal> {
    if (callbackId) return modalOf(this.world, this.user, callbackId)
    return eventually(() => {
      const open = this.world.slack.state.modal(this.user)
      expect(open).not.toBeNull()
      return open!
    })
  }

  /** Presses something in the open modal and waits for the modal of this name, drawn anew. */
  async inModal(actionId: string, then: string, options: { blockId?: string; value?: InputValue } = {}): Promise<View> {
    const { id: viewId, hash } = (await this.modal()).view
    expect(await this.world.slack.people.click(this.user, { viewId }, actionId, options)).toMatchObject({ ok: true })
    return eventually(() => {
      const now = this.world.slack.state.modal(this.user)!.view
      expect(`${now.id}/${now.hash}`).not.toBe(`${viewId}/${hash}`)
      expect(now.callbackId).toBe(then)
      return now
    })
  }

  async submit(values: Values) {
    const { view } = await this.modal()
    const answer = await this.world.slack.people.submit(this.user, view.id, values)
    await this.world.slack.settled()
    return answer
  }

  async refused(values: Values): Promise<void> {
    expect(await this.submit(values)).toMatchObject({ ok: false })
  }

  async close(): Promise<void> {
    for (let open = this.world.slack.state.modal(this.user); open; open = this.world.slack.state.modal(this.user))
      await this.world.slack.people.close(this.user, open.view.id, 'all')
    await this.world.slack.settled()
  }

  async openHome(): Promise<void> {
    await this.drawn(() => this.world.slack.people.openHome(this.user))
  }

  get home(): View {
    return this.world.slack.state.home(this.user)!
  }

  async inHome(actionId: string, value?: string, blockId?: string): Promise<void> {
    const options = { ...(value === undefined ? {} : { value }), ...(blockId ? { blockId } : {}) }
    await this.drawn(() => this.world.slack.people.click(this.user, { viewId: this.home.id }, actionId, options))
  }

  /** Presses something in the App Home that opens a modal. */
  async fromHome(actionId: string, then: string, blockId?: string): Promise<View> {
    const options = blockId ? { blockId } : {}
    expect(await this.world.slack.people.click(this.user, { viewId: this.home.id }, actionId, options)).toMatchObject({
      ok: true,
    })
    return (await this.modal(then)).view
  }

  async search(words: string): Promise<void> {
    const block = this.home.blocks.find(({ block_id }) => block_id?.startsWith('home.search.'))!.block_id!
    await this.drawn(() => this.world.slack.people.fill(this.user, this.home.id, block, words))
  }

  private async drawn(act: () => Promise<{ ok: boolean }>): Promise<void> {
    await this.world.slack.settled()
    const before = this.world.slack.state.home(this.user)?.hash
    expect(await act()).toMatchObject({ ok: true })
    await eventually(() => {
      expect(this.world.slack.state.home(this.user)?.callbackId).toBe('home')
      expect(this.world.slack.state.home(this.user)?.hash).not.toBe(before)
    })
  }

  /** Types after the command; what is said to them alone. */
  async type(text: string): Promise<SeenMessage> {
    const before = this.world.slack.state.ephemerals(this.user).length
    expect(await this.world.slack.people.slash(this.user, GENERAL, '/ticket', text)).toMatchObject({ ok: true })
    return eventually(() => {
      const all = this.world.slack.state.ephemerals(this.user)
      expect(all.length, text).toBeGreaterThan(before)
      return all.at(-1)!
    })
  }

  /** Types after the command what opens a modal. */
  async typeFor(text: string, then: string): Promise<View> {
    expect(await this.world.slack.people.slash(this.user, GENERAL, '/ticket', text)).toMatchObject({ ok: true })
    return (await this.modal(then)).view
  }

  async press(message: Pick<SeenMessage, 'channel' | 'ts'>, actionId: string): Promise<void> {
    await press(this.world, this.user, message, actionId)
    await this.world.settle()
  }

  async click(target: ClickTarget, actionId: string, value?: InputValue): Promise<void> {
    const options = value === undefined ? {} : { value }
    expect(await this.world.slack.people.click(this.user, target, actionId, options)).toMatchObject({ ok: true })
    await this.world.settle()
  }

  /** A new request by the form; its number. */
  async ask(subject: string, account = 'acme-berlin'): Promise<number> {
    const { view } = await openForm(this.world, this.user)
    const [, ...pages] = technical(subject)
    const [first, second, third, fourth] = pages
    await fillIn(this.world, this.user, view.id, [{ account }, first!, second!])
    // Articles may come between.
    if (this.world.slack.state.modal(this.user)!.view.callbackId === 'articles.page')
      await fillIn(this.world, this.user, view.id, [{}])
    await fillIn(this.world, this.user, view.id, [third!, { ...fourth, description: 'ABOUT IT' }])
    return this.sent()
  }

  /** What the modal says that it was sent as. */
  async sent(): Promise<number> {
    const { view } = await this.modal('intake.sent')
    await this.close()
    await this.world.settle()
    return Number(/#(\d+)/.exec(JSON.stringify(view.blocks))![1])
  }

  root(number: number): SeenMessage {
    return rootOf(this.world, this.user, number)
  }

  thread(number: number): SeenMessage[] {
    return under(this.world, this.root(number), this.user)
  }

  /** Writes in a request's thread, or loosely to the app. */
  async write(
    text: string,
    number?: number,
    files: { name: string; mimetype: string; bytes: Buffer }[] = [],
  ): Promise<string> {
    const threadTs = number === undefined ? undefined : this.root(number).ts
    const message = { text, files, ...(threadTs ? { threadTs } : {}) }
    const sent = await this.world.slack.people.post(this.user, dmOf(this.world, this.user), message)
    expect(sent).toMatchObject({ ok: true })
    await this.world.settle()
    return (sent as { ts: string }).ts
  }

  async mail(subject: string, text: string, cc: string[] = [], from = this.address): Promise<number> {
    await writeMail(this.world, { from, cc, subject, text })
    await this.world.settle()
    const { rows } = await this.world.db.query('select max(id)::int as id from tickets')
    return rows[0].id
  }

  /** An agent presses a button of the request's card. */
  async agent(number: number, actionId: string, channel?: string): Promise<void> {
    await press(this.world, KOFI, cardOf(this.world, number, channel), actionId)
    await this.world.settle()
  }
}
