import { mailsTo } from '../support/acting.ts'
import type { World } from '../support/world.ts'
import type { Label, MarkedWords } from './marked-words.ts'

/** A piece of text as somebody read it, and where. */
export interface ShownText {
  where: string
  text: string
  /** Of mails only whose labels they are is looked at: their layout and quotes are another test's. */
  isMail: boolean
}

/** All that was shown to the people of one language. */
export class Shown {
  readonly texts = new Map<string, ShownText>()
  readonly labels = new Map<string, Label & { where: string }>()
  /** callback_ids of views and action_ids of what can be pressed. */
  readonly ids = new Set<string>()
  private readonly words: MarkedWords

  constructor(words: MarkedWords) {
    this.words = words
  }

  add(where: string, text: string, isMail = false): void {
    if (!text || this.texts.has(text)) return
    this.texts.set(text, { where, text, isMail })
    for (const label of this.words.read(text).labels)
      this.labels.set(`${label.locale}/${label.key}`, { ...label, where })
  }

  /** Everything readable in a view or message, however deep: texts, labels, hints, what is read aloud. */
  addAll(where: string, value: unknown): void {
    if (Array.isArray(value)) for (const each of value) this.addAll(where, each)
    else if (value && typeof value === 'object') {
      for (const [name, inner] of Object.entries(value)) {
        if (name === 'action_id' || name === 'callbackId' || name === 'callback_id') this.ids.add(String(inner))
        if (SPOKEN.has(name) && typeof inner === 'string') this.add(where, inner)
        else if (!WRITTEN.has(name)) this.addAll(where, inner)
      }
    }
  }

  /** What stands on a page of the web. */
  addPage(path: string, page: string): void {
    const visible = page.replace(/<style[\s\S]*?<\/style>|<script[\s\S]*?<\/script>/g, '')
    for (const text of visible.split(/<[^>]*>/)) this.add(`page ${path}`, text.trim())
    for (const [, text] of visible.matchAll(/(?:title|aria-label|placeholder|alt)="([^"]*)"/g))
      this.add(`page ${path}`, text!)
  }
}

export const SPOKEN = new Set(['text', 'accessibility_label', 'alt_text', 'fallback'])
/** What people put in, and what only machines read. */
export const WRITTEN = new Set(['values', 'value', 'initial_value', 'initial_options', 'private_metadata', 'metadata'])

/** Notes whatever comes on the screens of these people, until the answer is called. */
export function watch(world: World, people: Map<string, Shown>): () => void {
  const seen = new Set<string>()
  const off = world.slack.onChange(() => {
    for (const [user, shown] of people) {
      const modal = world.slack.state.modal(user)
      if (modal)
        once(`${modal.view.id}/${modal.view.hash}`, () => shown.addAll(`modal ${modal.view.callbackId}`, modal.view))
      for (const [block, error] of Object.entries(modal?.errors ?? {})) shown.add(`error at ${block}`, error)
      const home = world.slack.state.home(user)
      if (home) once(`${home.id}/${home.hash}`, () => shown.addAll(`home ${home.callbackId}`, home))
    }
  })
  function once(key: string, act: () => void) {
    if (seen.has(key)) return
    seen.add(key)
    act()
  }
  return off
}

/** Everything that was said to somebody: in their DM with the app, and to them alone anywhere. */
export function collectMessages(world: World, user: string, shown: Shown): void {
  const dm = world.slack.state.dm(user)?.id
  for (const { method, args, ok } of world.slack.log.calls) {
    if (!ok || !method.startsWith('chat.')) continue
    if (args.channel !== dm && args.user !== user) continue
    for (const part of ['blocks', 'text', 'unfurls', 'attachments']) {
      const value = args[part]
      const read = typeof value === 'string' && part !== 'text' ? JSON.parse(value) : value
      if (part === 'text') shown.add(method, String(value ?? ''))
      else shown.addAll(method, read)
    }
  }
  for (const message of world.slack.state.ephemerals(user)) {
    shown.add('ephemeral', message.text)
    shown.addAll('ephemeral', message.blocks)
  }
}

/** Every mail of ours to people who speak this language: their addresses say so. */
export function collectMails(world: World, locale: string, shown: Shown): void {
  for (const address of [`olga.${locale}@${locale}.example`, `other.olga.${locale}@${locale}.example`])
    for (const { subject, text, html } of mailsTo(world, address)) {
      shown.add(`mail to ${address}`, subject, true)
      shown.add(`mail to ${address}`, text, true)
      shown.add(`mail to ${address}`, html, true)
    }
}

/** Opens pages, or sends their form, as a browser in this language does; `look` is handed each page, as it came. */
export function visitor(locale: string, look: (path: string, page: string) => void) {
  return async (url: string, post?: Record<string, string>): Promise<string> => {
    const headers = { 'accept-language': locale, origin: new URL(url).origin }
    const form = { 'content-type': 'application/x-www-form-urlencoded' }
    const sent = post && {
      method: 'POST',
      body: new URLSearchParams(post).toString(),
      headers: { ...headers, ...form },
    }
    const page = await (await fetch(url, sent ?? { headers })).text()
    look(new URL(url).pathname, page)
    return page
  }
}
