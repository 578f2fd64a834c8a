import { describe, expect, test } from 'vitest'
import type { StoredEvent } from '../../src/ticket/events.ts'
import { type Effect, effectKey, type Occasion, type Reach } from '../../src/ticket/policies/effect.ts'
import { effectsOf } from '../../src/ticket/policies/index.ts'
import type { Attachment } from '../../src/ticket/ticket.ts'
import { printerIntake, said } from '../support/desk.ts'
import {
  ada,
  charles,
  eventOf,
  type Happened,
  kofi,
  mallory,
  minutesLater,
  reopenUntil,
  solved,
  ticketAfter,
  time,
} from '../support/given.ts'

const both: Reach = { address: 'ada@acme.example', inSlack: true }
const slackOnly: Reach = { address: null, inSlack: true }
const mailOnly: Reach = { address: 'ada@acme.example', inSlack: false }
const charlesByMail: Reach = { address: 'charles@acme.example', inSlack: false }

const elsewhere: Reach = { address: null, inSlack: false, hasHome: true, inChannel: true }
const elsewhereAndMail: Reach = { ...elsewhere, address: 'ada@acme.example' }
const nowhere: Reach = { ...elsewhere, inChannel: false }

const people = { 'Slack and mail': both, 'Slack only': slackOnly, 'mail only': mailOnly }

const comment = said()
const opened: Happened = {
  type: 'opened',
  intake: printerIntake,
  requesterId: ada.id,
  ccIds: [charles.id],
  locale: 'en',
  followUpOf: null,
  comment,
  mayAnswer: true,
  actor: ada,
}
const replied = {
  type: 'replied' as const,
  comment,
  receivedAt: minutesLater(1),
  reopens: false,
  alreadyTold: [] as string[],
  mayAnswer: true,
  actor: ada,
}
const tooLarge: Attachment = {
  name: 'film.mov',
  contentType: 'video/quicktime',
  size: 30_000_000,
  sha256: null,
  slackFile: null,
  refused: 'too-large',
}
const flap: Attachment = { ...tooLarge, name: 'flap.png', size: 9, sha256: '0'.repeat(64), refused: null }
const inSlack: Attachment = { ...flap, sha256: null, slackFile: { id: 'F1', url: 'https://files.slack.com/x' } }
const sealed: Attachment = { ...tooLarge, name: 'smime.p7m', contentType: 'application/pkcs7-mime', refused: null }

/** Everything that can happen, by what a person would call it. */
const happenings: Record<string, Happened> = {
  'Ada opens it in Slack': opened,
  'Ada opens it by mail': { ...opened, via: 'mail' },
  'a machine’s mail opens it': { ...opened, via: 'mail', mayAnswer: false },
  'Ada’s late mail opens it': { ...opened, via: 'mail', followUpOf: 1041 },
  'Charles’s late mail opens it': { ...opened, via: 'mail', followUpOf: 1041, actor: charles },
  'Charles’s late mail to all opens it': {
    ...opened,
    via: 'mail',
    followUpOf: 1041,
    actor: charles,
    alreadyTold: ['ada@acme.example'],
  },
  'Ada replies in Slack': replied,
  'Ada replies by mail': { ...replied, via: 'mail' },
  'Charles replies by mail': { ...replied, via: 'mail', actor: charles },
  'Charles replies to all': { ...replied, via: 'mail', actor: charles, alreadyTold: ['ada@acme.example'] },
  'a mail of Ada’s with a file that is too large opens it': {
    ...opened,
    via: 'mail',
    comment: { ...comment, attachments: [tooLarge] },
  },
  'Ada replies by mail with a file that is too large': {
    ...replied,
    via: 'mail',
    comment: { ...comment, attachments: [tooLarge] },
  },
  'Charles’s late mail with such a file opens it': {
    ...opened,
    via: 'mail',
    followUpOf: 1041,
    actor: charles,
    comment: { ...comment, attachments: [tooLarge] },
  },
  'a machine replies with such a file': {
    ...replied,
    via: 'mail',
    mayAnswer: false,
    comment: { ...comment, attachments: [tooLarge] },
  },
  'Ada’s reply is encrypted': { ...replied, via: 'mail', comment: { ...comment, text: '', attachments: [sealed] } },
  'Kofi answers': { type: 'answered', comment },
  'Kofi takes his answer back': { type: 'withdrawn', eventId: 40, standing: null },
  'a mail waits': { type: 'stuck', outboxId: 9, recipient: 'ada@acme.example', reason: 'later', why: 'waiting' },
  'it has left': { type: 'unstuck', outboxId: 9, how: 'left', eventIds: [40] },
  'Kofi writes there again': { type: 'lifted', address: 'ada@acme.example', eventIds: [40] },
  'Kofi notes': { type: 'noted', comment },
  'Kofi copies Mallory': { type: 'joined', acceptedBy: kofi.id, contactIds: [mallory.id] },
  'Kofi lets Mallory’s mail in': { type: 'joined', acceptedBy: kofi.id, actor: mallory },
  'Kofi takes Charles off': { type: 'left', contactIds: [charles.id] },
  'Kofi takes it': { type: 'assigned', agentId: kofi.id },
  'Kofi waits': { type: 'pended', withAnswer: false },
  'Kofi waits, having answered': { type: 'pended', withAnswer: true },
  'Kofi solves': solved,
  'Ada solves': { ...solved, actor: ada },
  'Kofi reopens': { type: 'reopened', byReply: false },
  'Ada reopens': { type: 'reopened', byReply: false, actor: ada },
  'a reply reopens': { type: 'reopened', byReply: true, actor: ada },
  'it closes': { type: 'closed', actor: time },
  'Ada rates': { type: 'rated', score: 5, comment: null, changed: false, actor: ada },
  'Ada rates in words': { type: 'rated', score: 5, comment: 'Thanks', changed: false, actor: ada },
  'a late reply follows up': { type: 'continued', followUpId: 1043, actor: ada },
  'Slack takes no message for Ada': {
    type: 'unreachable',
    contactId: ada.id,
    reason: 'user_not_found',
    way: 'mail',
    actor: time,
  },
  'a mail comes back': { type: 'undelivered', recipient: 'ada@acme.example', reason: '550', actor: time },
}

describe('who is told what', () => {
  test('when Ada is in Slack and has an address', () => {
    expect(told(both)).toMatchInlineSnapshot(`
      {
        "Ada opens it by mail": "card, under card, request, home, opened mail to Ada",
        "Ada opens it in Slack": "card, under card, request, home, opened mail to Ada",
        "Ada rates": "card, request, home",
        "Ada rates in words": "card, under card, request, home",
        "Ada reopens": "card, under card, request, notice, home",
        "Ada replies by mail": "card, under card, request, notice, home, reply mail to Charles",
        "Ada replies by mail with a file that is too large": "card, under card, request, notice, home, reply mail to Charles, not-delivered mail to Ada",
        "Ada replies in Slack": "card, under card, request, home, reply mail to Charles",
        "Ada solves": "card, under card, request, notice, home, solved mail to Ada, solved mail to Charles",
        "Ada’s late mail opens it": "card, under card, request, home, follow-up mail to Ada, reply mail to Charles",
        "Ada’s reply is encrypted": "card, under card, request, notice, home, reply mail to Charles, not-delivered mail to Ada",
        "Charles replies by mail": "card, under card, request, notice, home",
        "Charles replies to all": "card, under card, request, notice, home",
        "Charles’s late mail opens it": "card, under card, request, home, reply mail to Ada",
        "Charles’s late mail to all opens it": "card, under card, request, home",
        "Charles’s late mail with such a file opens it": "card, under card, request, home, not-delivered mail to Charles, reply mail to Ada",
        "Kofi answers": "card, under card, under card when sent, request, notice, home, reply mail to Ada, reply mail to Charles",
        "Kofi copies Mallory": "card, under card",
        "Kofi lets Mallory’s mail in": "card",
        "Kofi notes": "",
        "Kofi reopens": "card, request, notice, home",
        "Kofi solves": "card, request, notice, home, solved mail to Ada, solved mail to Charles",
        "Kofi takes Charles off": "card, under card",
        "Kofi takes his answer back": "card, under card, request, home",
        "Kofi takes it": "card, request, home",
        "Kofi waits": "card, request, notice, home, waiting mail to Ada, waiting mail to Charles",
        "Kofi waits, having answered": "card, request, home",
        "Kofi writes there again": "card, under card",
        "Slack takes no message for Ada": "card, under card",
        "a late reply follows up": "card, request, notice, home",
        "a machine replies with such a file": "card, under card, request, notice, home, reply mail to Charles",
        "a machine’s mail opens it": "card, under card, request, home",
        "a mail comes back": "card, under card",
        "a mail of Ada’s with a file that is too large opens it": "card, under card, request, home, opened mail to Ada",
        "a mail waits": "card, under card",
        "a reply reopens": "card, request, notice, home",
        "it closes": "card, request, notice, home, closed mail to Ada",
        "it has left": "card, under card",
      }
    `)
  })
  test('when Ada is in Slack only', () => {
    expect(told(slackOnly)).toMatchInlineSnapshot(`
      {
        "Ada opens it by mail": "card, under card, request, home",
        "Ada opens it in Slack": "card, under card, request, home",
        "Ada rates": "card, request, home",
        "Ada rates in words": "card, under card, request, home",
        "Ada reopens": "card, under card, request, notice, home",
        "Ada replies by mail": "card, under card, request, notice, home, reply mail to Charles",
        "Ada replies by mail with a file that is too large": "card, under card, request, notice, home, reply mail to Charles",
        "Ada replies in Slack": "card, under card, request, home, reply mail to Charles",
        "Ada solves": "card, under card, request, notice, home, solved mail to Charles",
        "Ada’s late mail opens it": "card, under card, request, home, reply mail to Charles",
        "Ada’s reply is encrypted": "card, under card, request, notice, home, reply mail to Charles",
        "Charles replies by mail": "card, under card, request, notice, home",
        "Charles replies to all": "card, under card, request, notice, home",
        "Charles’s late mail opens it": "card, under card, request, home",
        "Charles’s late mail to all opens it": "card, under card, request, home",
        "Charles’s late mail with such a file opens it": "card, under card, request, home, not-delivered mail to Charles",
        "Kofi answers": "card, under card, under card when sent, request, notice, home, reply mail to Charles",
        "Kofi copies Mallory": "card, under card",
        "Kofi lets Mallory’s mail in": "card",
        "Kofi notes": "",
        "Kofi reopens": "card, request, notice, home",
        "Kofi solves": "card, request, notice, home, solved mail to Charles",
        "Kofi takes Charles off": "card, under card",
        "Kofi takes his answer back": "card, under card, request, home",
        "Kofi takes it": "card, request, home",
        "Kofi waits": "card, request, notice, home, waiting mail to Charles",
        "Kofi waits, having answered": "card, request, home",
        "Kofi writes there again": "card, under card",
        "Slack takes no message for Ada": "card, under card",
        "a late reply follows up": "card, request, notice, home",
        "a machine replies with such a file": "card, under card, request, notice, home, reply mail to Charles",
        "a machine’s mail opens it": "card, under card, request, home",
        "a mail comes back": "card, under card",
        "a mail of Ada’s with a file that is too large opens it": "card, under card, request, home",
        "a mail waits": "card, under card",
        "a reply reopens": "card, request, notice, home",
        "it closes": "card, request, notice, home",
        "it has left": "card, under card",
      }
    `)
  })
  test('when Ada has an address only', () => {
    expect(told(mailOnly)).toMatchInlineSnapshot(`
      {
        "Ada opens it by mail": "card, under card, opened mail to Ada",
        "Ada opens it in Slack": "card, under card, opened mail to Ada",
        "Ada rates": "card",
        "Ada rates in words": "card, under card",
        "Ada reopens": "card, under card",
        "Ada replies by mail": "card, under card, reply mail to Charles",
        "Ada replies by mail with a file that is too large": "card, under card, reply mail to Charles, not-delivered mail to Ada",
        "Ada replies in Slack": "card, under card, reply mail to Charles",
        "Ada solves": "card, under card, solved mail to Ada, solved mail to Charles",
        "Ada’s late mail opens it": "card, under card, follow-up mail to Ada, reply mail to Charles",
        "Ada’s reply is encrypted": "card, under card, reply mail to Charles, not-delivered mail to Ada",
        "Charles replies by mail": "card, under card, reply mail to Ada",
        "Charles replies to all": "card, under card",
        "Charles’s late mail opens it": "card, under card, reply mail to Ada",
        "Charles’s late mail to all opens it": "card, under card",
        "Charles’s late mail with such a file opens it": "card, under card, not-delivered mail to Charles, reply mail to Ada",
        "Kofi answers": "card, under card, under card when sent, reply mail to Ada, reply mail to Charles",
        "Kofi copies Mallory": "card, under card",
        "Kofi lets Mallory’s mail in": "card",
        "Kofi notes": "",
        "Kofi reopens": "card",
        "Kofi solves": "card, solved mail to Ada, solved mail to Charles",
        "Kofi takes Charles off": "card, under card",
        "Kofi takes his answer back": "card, under card",
        "Kofi takes it": "card",
        "Kofi waits": "card, waiting mail to Ada, waiting mail to Charles",
        "Kofi waits, having answered": "card",
        "Kofi writes there again": "card, under card",
        "Slack takes no message for Ada": "card, under card",
        "a late reply follows up": "card",
        "a machine replies with such a file": "card, under card, reply mail to Charles",
        "a machine’s mail opens it": "card, under card",
        "a mail comes back": "card, under card",
        "a mail of Ada’s with a file that is too large opens it": "card, under card, opened mail to Ada",
        "a mail waits": "card, under card",
        "a reply reopens": "card",
        "it closes": "card, closed mail to Ada",
        "it has left": "card, under card",
      }
    `)
  })
})

describe('who is told what where Slack takes no direct message for Ada', () => {
  const aboutAda = (happened: Happened, reach: Reach) =>
    effects(happened, reach)
      .filter((effect) => effect.kind === 'whisper' || (effect.kind === 'mail' && effect.contactId === ada.id))
      .map(shortly)
  const byCharles = happenings['Charles replies by mail']!

  test('she hears in the channel that her request is here, and of the rest by mail', () => {
    expect(aboutAda(opened, elsewhereAndMail)).toEqual(['whisper', 'opened mail to Ada'])
    expect(aboutAda({ ...opened, via: 'mail' }, elsewhereAndMail)).toEqual(['opened mail to Ada'])
    expect(aboutAda({ type: 'answered', comment }, elsewhereAndMail)).toEqual(['reply mail to Ada'])
    expect(aboutAda(byCharles, elsewhereAndMail)).toEqual(['reply mail to Ada'])
    expect(aboutAda({ type: 'reminded', asks: true, actor: time }, elsewhereAndMail)).toEqual(['rating mail to Ada'])
  })

  test('without an address she hears of everything in the channel, once, and nothing of what she does herself', () => {
    for (const what of ['Ada opens it in Slack', 'Kofi answers', 'Charles replies by mail', 'Kofi solves', 'it closes'])
      expect(aboutAda(happenings[what]!, elsewhere), what).toEqual(['whisper'])
    expect(aboutAda({ type: 'reminded', asks: true, actor: time }, elsewhere)).toEqual(['whisper'])
    for (const what of ['Ada replies by mail', 'Ada solves', 'Ada reopens', 'Ada rates', 'Kofi notes', 'Kofi takes it'])
      expect(aboutAda(happenings[what]!, elsewhere), what).toEqual([])
    expect(aboutAda({ type: 'pended', withAnswer: true }, elsewhere)).toEqual([])
  })

  test('who was seen nowhere either is told nothing, and nothing is posted where it cannot be', () => {
    for (const [what, happened] of Object.entries(happenings)) {
      expect(aboutAda(happened, nowhere), what).toEqual([])
      const places = effects(happened, nowhere).flatMap((effect) => (effect.kind === 'post' ? [effect.slot.place] : []))
      expect(places.filter((place) => place === 'request' || place === 'request-thread')).toEqual([])
    }
  })
})

describe.each(Object.entries(people))('whatever happens, with Ada in %s', (_, reach) => {
  const each = Object.values(happenings).map((happened) => ({ happened, effects: effects(happened, reach) }))

  test('the card shows it, except a note', () => {
    for (const { happened, effects } of each)
      expect(effects.map(shortly).includes('card')).toBe(happened.type !== 'noted')
  })

  test('nobody is reached where they are not', () => {
    for (const { effects } of each) {
      const mailed = effects.some((effect) => effect.kind === 'mail' && effect.contactId === ada.id)
      const posted = effects.some((effect) => effect.kind === 'post' && 'contactId' in effect.slot)
      expect(mailed && reach.address === null).toBe(false)
      expect(posted && !reach.inSlack).toBe(false)
    }
  })

  test('a mail that no person wrote says so, and only such a mail', () => {
    for (const { effects } of each)
      for (const effect of effects)
        if (effect.kind === 'mail') expect(effect.isAutomatic).toBe(effect.template !== 'reply')
  })

  test('no effect comes twice, and its key is the same whenever it is made', () => {
    for (const { happened, effects: first } of each) {
      const keys = first.map((effect) => effectKey(stored(happened), effect))
      expect(new Set(keys).size).toBe(keys.length)
      expect(effects(happened, reach).map((effect) => effectKey(stored(happened), effect))).toEqual(keys)
    }
  })

  test('nobody gets a mail of their own words', () => {
    for (const { happened, effects } of each) {
      if (happened.type !== 'replied' && happened.type !== 'opened') continue
      const author = happened.actor?.kind === 'contact' ? happened.actor.id : 0
      expect(
        effects.filter((effect) => effect.kind === 'mail' && !effect.isAutomatic && effect.contactId === author),
      ).toEqual([])
    }
  })
})

test('a mail that already reached somebody under another address of theirs is not sent to them again', () => {
  const occasion = (others: string[]): Occasion => ({
    ticket: ticketAfter(),
    event: stored({ ...replied, alreadyTold: ['charles@home.example'] }),
    reach: (contactId) => (contactId === ada.id ? both : { ...charlesByMail, others }),
    surveyEventId: null,
    thanksEventId: null,
  })
  const mails = (others: string[]) => effectsOf(occasion(others)).filter(({ kind }) => kind === 'mail')
  expect(mails([])).toHaveLength(1)
  expect(mails(['charles@home.example'])).toEqual([])
})

test('who went on in a follow-up before the first request closed gets no mail that it closed', () => {
  const occasion: Occasion = {
    ticket: ticketAfter(
      { ...solved, reopenUntil },
      { type: 'continued', followUpId: 1043, actor: ada },
      { type: 'closed', actor: time },
    ),
    event: stored({ type: 'closed', actor: time }),
    reach: () => both,
    surveyEventId: null,
    thanksEventId: null,
  }
  expect(effectsOf(occasion).filter(({ kind }) => kind === 'mail')).toEqual([])
})

test('files go under the card, and into the requester’s thread where somebody else sent them', () => {
  const files = (happened: Happened, reach = both) =>
    effects(happened, reach)
      .filter(({ kind }) => kind === 'upload')
      .map(shortly)
  const withFile = { ...comment, attachments: [tooLarge, flap] }
  expect(files({ ...replied, comment: { ...comment, attachments: [inSlack] } })).toEqual(['files under card'])
  expect(files({ ...replied, via: 'mail', comment: withFile })).toEqual(['files under card'])
  const byCharles: Happened = { ...replied, via: 'mail', actor: charles, comment: withFile }
  expect(files(byCharles)).toEqual(['files under card', 'files'])
  expect(files(byCharles, mailOnly)).toEqual(['files under card'])
  expect(files({ type: 'answered', comment: withFile, actor: kofi })).toEqual(['files under card', 'files'])
  expect(files({ type: 'noted', comment: withFile, actor: kofi })).toEqual([])
  const lie = { ...withFile, proof: 'failed' as const }
  expect(files({ ...opened, via: 'mail', actor: charles, comment: lie })).toEqual(['files under card'])
  for (const attachment of [tooLarge, sealed])
    expect(files({ ...byCharles, comment: { ...comment, attachments: [attachment] } })).toEqual([])
  const deleted: Happened = { type: 'deleted', eventId: 7, before: 'oops', actor: ada }
  expect(files(deleted)).toEqual(['files under card'])
  expect(files({ ...deleted, actor: charles })).toEqual(['files under card', 'files'])
  expect(files({ ...deleted, actor: kofi })).toEqual([])
})

test('an internal note reaches nobody outside', () => {
  for (const reach of Object.values(people)) expect(effects(happenings['Kofi notes']!, reach)).toEqual([])
})

test('the message that called it solved tells the truth again after everything that ends the window', () => {
  const ends = ['a reply reopens', 'Kofi reopens', 'it closes', 'Ada rates', 'Kofi waits, having answered']
  const survey = { kind: 'post', slot: { place: 'request-thread', contactId: ada.id, eventId: 7 } }
  for (const what of ends) expect(effects(happenings[what]!, both, 7), what).toContainEqual(survey)
  expect(effects(happenings['Kofi answers']!, both, 7)).not.toContainEqual(survey)
})

test('the keys of two events, two people and two templates never meet', () => {
  const post = (place: 'request' | 'request-thread', contactId: number): Effect =>
    ({ kind: 'post', slot: { place, contactId, eventId: 1 } }) as Effect
  const mail = (template: 'reply' | 'solved', contactId: number): Effect => ({
    kind: 'mail',
    template,
    contactId,
    isAutomatic: false,
  })
  const all = [1, 2].flatMap((id) => [
    post('request', id),
    post('request-thread', id),
    mail('reply', id),
    mail('solved', id),
  ])
  const keys = [1, 12].flatMap((id) => all.map((effect) => effectKey({ ...stored(solved), id }, effect)))
  expect(new Set(keys).size).toBe(keys.length)
})

function stored(happened: Happened): StoredEvent {
  return { ...eventOf(happened), id: 41, ticketId: 1042, commentId: null }
}

function effects(happened: Happened, reach: Reach, surveyEventId: number | null = null): Effect[] {
  const happenedBefore = happened.type === 'closed' ? [{ ...solved, reopenUntil }] : []
  const occasion: Occasion = {
    ticket: ticketAfter(...happenedBefore, happened),
    event: stored(happened),
    reach: (contactId) => (contactId === ada.id ? reach : charlesByMail),
    surveyEventId,
    thanksEventId: null,
  }
  return effectsOf(occasion)
}

function told(reach: Reach): Record<string, string> {
  return Object.fromEntries(
    Object.entries(happenings).map(([what, happened]) => [what, effects(happened, reach).map(shortly).join(', ')]),
  )
}

/** An effect in a few words: 'under card', 'solved mail to Ada'. */
function shortly(effect: Effect): string {
  if (effect.kind === 'mail') return `${effect.template} mail to ${effect.contactId === ada.id ? 'Ada' : 'Charles'}`
  if (effect.kind === 'whisper') return 'whisper'
  const words = {
    card: 'card',
    'card-thread': 'under card',
    request: 'request',
    'request-thread': 'notice',
    'card-files': 'files under card',
    'request-files': 'files',
    home: 'home',
    'article-news': 'article news',
    'way-in': 'question',
    linked: 'linked request',
    'mail-notice': 'mail notice',
    'mail-alarm': 'mail alarm',
  }
  return effect.kind === 'post' && effect.whenSent ? `${words[effect.slot.place]} when sent` : words[effect.slot.place]
}
