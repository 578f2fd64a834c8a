import { expect } from 'vitest'
import { eventually } from '../support/world.ts'
import type { Scene } from './scene.ts'
import { manage, moreAddresses, organisation, wayToAStore } from './walk-access.ts'
import { articles, badTimes, looseWords, questionnaire, suggestions } from './walk-form.ts'
import { mailsAndPages, severalPeople } from './walk-more.ts'
import { commandsAboutARequest, fullHome, lateThings, lifeOfARequest, requestModals } from './walk-request.ts'

type Step = [name: string, walk: (scene: Scene) => Promise<void>]

/** Every screen that somebody outside can see, in an order in which one leads to the next. */
export const steps: Step[] = [
  [
    'an App Home with nothing in it',
    async ({ guest, world }) => {
      await guest.openHome()
      for (const scope of ['cc', 'unrated']) await guest.inHome(`home.scope.${scope}`)
      // Of their organisation too, and without a request as well.
      const mate = guest.user.replace('GUEST', 'MATE')
      await world.slack.people.openHome(mate)
      await eventually(() => expect(world.slack.state.home(mate)).not.toBeNull())
      await manage(world, guest, 'all')
      await guest.openHome()
      await eventually(() => expect(JSON.stringify(guest.home.blocks)).toContain('home.scope.organization'))
      await guest.inHome('home.scope.organization')
      await guest.inHome('home.scope.mine')
      await guest.inHome('home.status', 'closed')
      await guest.inHome('home.status', 'any')
      await guest.search('ZEBRA')
      await guest.inHome('home.clear')
      await guest.inHome('home.sort')
      await guest.inHome('home.sort')
    },
  ],
  [
    'commands of somebody who has asked for nothing',
    async ({ guest, word }) => {
      for (const text of [
        word('help'),
        `${word('help')} CHECKOUT HANGS`,
        word('mine'),
        `${word('search')} ZEBRA`,
        '999999',
        `${word('solve')} 999999`,
        `${word('mine').slice(0, -1)}x`,
      ])
        await guest.type(text)
    },
  ],
  ['the way to a store', wayToAStore],
  ['more addresses', moreAddresses],
  ['the organisation', organisation],
  ['articles', articles],
  ['the questionnaire, each branch and page', questionnaire],
  ['suggestions on the way', suggestions],
  ['a request from open to closed', lifeOfARequest],
  ['a request in a modal, whatever its reader is', requestModals],
  ['commands about a request', commandsAboutARequest],
  ['reminders, follow-ups, files and what is refused', lateThings],
  ['words outside of a thread', looseWords],
  ['the App Home of somebody with many', fullHome],
  ['what is said while the database is slow, or does not answer', badTimes],
  ['several people on one request, late words, news of articles', severalPeople],
  ['mails, and the pages they lead to', mailsAndPages],
]
