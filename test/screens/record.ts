import type { Screen, SeenMessage } from '../../src/sandbox/slack/types.ts'
import { mailsTo } from '../support/acting.ts'
import type { World } from '../support/world.ts'
import { calendarWords, people, type Reader } from './cast.ts'
import { SPOKEN, WRITTEN } from './shown.ts'

/** What stood on somebody's screen: a modal or a Home (`screen`), a message, a mail (the path of its HTML) or a page. */
export type Sight =
  | { kind: 'modal' | 'home'; screen: Screen }
  | { kind: 'message'; screen: Screen; message: SeenMessage }
  | { kind: 'mail'; path: string }
  | { kind: 'page'; html: string }

export interface Recorded {
  locale: string
  name: string
  /** The same for the same screen in every language. */
  place: string
  sight: Sight
}

/** Keeps each different screen of the walk once a language: another number, time or name is no other screen. */
export class Recorder {
  readonly all: Recorded[] = []
  private readonly world: World
  private reader = people[0]!
  private step = ''
  private readonly known = new Set<string>()
  private readonly times = new Map<string, number>()
  private calls = 0

  constructor(world: World) {
    this.world = world
    world.slack.onChange(() => this.look())
  }

  begin(reader: Reader, step: string): void {
    this.reader = reader
    this.step = step
  }

  /** What is not seen while it happens: what was posted, told and mailed since the last call. */
  end(): void {
    const { client, guest } = this.reader
    const calls = this.world.slack.log.calls
    for (const { method, args, ok, at } of calls.slice(this.calls)) {
      if (!ok || !method.startsWith('chat.')) continue
      const { channel, user, unfurls } = args as Record<string, string>
      const to = [client, guest].find((id) => id === user || (channel && channel === this.world.slack.state.dm(id)?.id))
      if (unfurls) this.addUnfurls(JSON.parse(unfurls), at)
      else if (to && method === 'chat.postEphemeral') this.addMessage(to, 'ephemeral', { ...args, at, ephemeral: true })
      else if (to) this.addMessage(to, method, { ...args, at })
    }
    this.calls = calls.length
    for (const id of [client, guest])
      for (const message of this.world.slack.state.ephemerals(id))
        this.addMessage(id, 'ephemeral', { ...message, at: Number(message.ts) * 1000, ephemeral: true })
    for (const one of people) this.addMails(one)
  }

  addPage(path: string, html: string): void {
    const name = path.replace(/^\/(\w+).*/, '$1')
    this.add(name, () => ({ kind: 'page', html }), wordsIn(html), html.replace(/>[^<]*<|="[^"]*"/g, ''))
  }

  private look(): void {
    const { state } = this.world.slack
    for (const user of [this.reader.client, this.reader.guest]) {
      const modal = state.modal(user)
      if (modal && this.isNew(JSON.stringify([modal.view.id, modal.view.hash, modal.errors, modal.banner]))) {
        const content = [modal.view, { errors: modal.errors, text: modal.banner }]
        const take = () => ({
          kind: 'modal' as const,
          screen: structuredClone({ ...state.screen(user), channels: [] }),
        })
        this.add(modal.view.callbackId, take, spokenIn(content), shapeOf(content))
      }
      const home = state.home(user)
      if (home && this.isNew(`${home.id}/${home.hash}`)) {
        const take = () => ({
          kind: 'home' as const,
          screen: structuredClone({ ...state.screen(user), channels: [], modal: null }),
        })
        this.add(home.callbackId, take, spokenIn(home), shapeOf(home))
      }
    }
  }

  private isNew(key: string): boolean {
    const was = this.known.size
    return this.known.add(key).size > was
  }

  private addMessage(user: string, name: string, post: Record<string, unknown>): void {
    const blocks = typeof post.blocks === 'string' ? JSON.parse(post.blocks) : post.blocks
    const shown = blocks?.length ? [blocks, post.attachments] : [post.attachments, { text: post.text }]
    const take = () => {
      const screen = this.world.slack.state.screen(user)
      const { botUserId: id, name: appName } = screen.app
      const ts = String(Number(post.at) / 1000)
      const message = {
        ...{ channel: 'D0', ts, user: id, author: { id, name: appName, isBot: true }, text: String(post.text ?? '') },
        ...{ blocks, attachments: post.attachments, ephemeral: post.ephemeral === true },
        ...{ fileObjects: [], replyCount: 0, replyUsers: [], values: {} },
      } as SeenMessage
      return { kind: 'message' as const, screen: { ...aloneIn(screen), now: Number(post.at) }, message }
    }
    this.add(name, take, spokenIn(shown), shapeOf(shown))
  }

  private addUnfurls(unfurls: Record<string, object>, at: number): void {
    for (const [text, attachment] of Object.entries(unfurls))
      this.addMessage(this.reader.client, 'unfurl', { text: `<${text}>`, attachments: [attachment], at })
  }

  private addMails(of: Reader): void {
    const own = [of.address, of.guestAddress, of.colleague, `olga.${of.locale}@${of.locale}.example`]
    const boxes = [`other.${own[3]}`, ...[0, 1, 2].map((n) => `other${n}.${of.address}`)]
    if (of === this.reader) boxes.push('loja@acme-sp.example')
    for (const box of [...own, ...boxes])
      for (const { id, html } of mailsTo(this.world, box))
        if (html && this.isNew(id))
          this.add(
            'mail',
            () => ({ kind: 'mail', path: `/sandbox/mail/messages/${id}/html` }),
            wordsIn(html),
            '',
            of.locale,
          )
  }

  private add(name: string, take: () => Sight, words: string[], shape: string, locale = this.reader.locale): void {
    const common = new Set(words.map((each) => commonWords(each, locale)))
    if (!this.isNew(`${locale} ${name} ${[...common].join(' ')}`)) return
    const same = `${this.step} ${name} ${shape}`
    const time = this.times.get(`${locale} ${same}`) ?? 0
    this.times.set(`${locale} ${same}`, time + 1)
    this.all.push({ locale, name: `${this.step}: ${name}`, place: `${same} ${time}`, sight: take() })
  }
}

/** With no conversation but the app's own, which holds that one message. */
function aloneIn(screen: Screen): Screen {
  const app = { id: screen.app.botUserId, name: screen.app.name, isBot: true }
  const channel = { id: 'D0', name: '', kind: 'im' as const, members: [], createdAt: 0, unread: 0, with: app }
  return structuredClone({ ...screen, modal: null, channels: [channel] })
}

/** What it is made of, without any word. */
function shapeOf(content: unknown): string {
  const parts: string[] = []
  JSON.stringify(content, (name, value) => {
    if ((name === 'type' || name === 'action_id') && typeof value === 'string') parts.push(value)
    return WRITTEN.has(name) ? undefined : value
  })
  return [...new Set(parts)].join()
}

/** What is read there, and the names of what can be pressed. */
function spokenIn(content: unknown): string[] {
  const words: string[] = []
  JSON.stringify(content, (name, value) => {
    if ((SPOKEN.has(name) || name === 'action_id') && typeof value === 'string') words.push(value)
    if (name === 'errors' && value) words.push(...Object.values<string>(value))
    return WRITTEN.has(name) ? undefined : value
  })
  return words
}

const wordsIn = (html: string) =>
  html
    .replace(/<style[\s\S]*?<\/style>/g, '')
    .split(/<[^>]*>/)
    .map((each) => each.trim())

/** What another walk would say otherwise, by language: months and days, names, and what people wrote, in capitals. */
const odd = new Map(
  people.map(({ locale }) => {
    const names = [...calendarWords(locale), ...people.map(({ name }) => name), 'Kofi Mensah']
    return [locale, new RegExp(`<!date[^>]*>|\\S+@\\S+|https?:\\S+|${names.join('|')}|\\p{Lu}{2,}|\\d+`, 'gu')]
  }),
)

const commonWords = (words: string, locale: string) => words.replace(odd.get(locale)!, '0')
