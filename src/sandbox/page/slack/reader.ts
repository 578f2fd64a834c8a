import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import type { Screen } from '../../slack/types.ts'
import type { Viewer } from '../moment.ts'
import { type SlackWords, slackWords } from './slack-words.ts'

/** Who is looking, and what names they know: everything a message needs to be shown. */
export interface Reader {
  me: string
  viewer: Viewer
  /** The sandbox's time when the screen was last asked for. */
  now: Date
  screen: Screen
  /** What Slack says by itself, in their language. */
  says: SlackWords
  /** The name people see, or null for an unknown id. */
  nameOf(userId: string): string | null
  channelName(channelId: string): string
}

export function readerOf(screen: Screen): Reader {
  const names = new Map(screen.people.map((person) => [person.id, person.realName]))
  names.set(screen.app.botUserId, screen.app.name)
  const channels = new Map(screen.channels.map((channel) => [channel.id, channel.name]))
  return {
    me: screen.me.id,
    viewer: { tz: screen.me.tz, locale: screen.me.locale },
    now: new Date(screen.now),
    screen,
    says: slackWords(screen.me.locale),
    nameOf: (id) => names.get(id) ?? null,
    channelName: (id) => channels.get(id) ?? 'private-channel',
  }
}

export const ReaderContext = createContext<Reader | null>(null)

export function useReader(): Reader {
  const reader = useContext(ReaderContext)
  if (!reader) throw new Error('a Slack part of the page is drawn outside the workspace')
  return reader
}
