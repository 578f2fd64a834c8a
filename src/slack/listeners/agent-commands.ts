import type { SlashCommand } from '@slack/bolt'
import type { ModalView } from '@slack/types'
import type { SlackUser } from '../../store/people.ts'
import { Refusal } from '../../ticket/refusal.ts'
import type { Actor } from '../../ticket/ticket.ts'
import { isSlackError } from '../failures.ts'
import type { Listening } from '../listening.ts'
import { helpButtonView } from '../views/help-button.ts'
import { modalForDomains } from './grant-access.ts'

/** A word after the command that only agents know, in each of our languages, and what it does. */
const commands: { words: Record<string, string>; run: 'button' | 'organization' }[] = [
  { words: { button: 'en', botón: 'es', boton: 'es', botão: 'pt', botao: 'pt' }, run: 'button' },
  {
    words: {
      organisation: 'en',
      organization: 'en',
      organización: 'es',
      organizacion: 'es',
      organização: 'pt',
      organizacao: 'pt',
    },
    run: 'organization',
  },
]

/** What an agent asked for after the command; null for everybody else, to whom the words are a subject. */
export async function agentCommand(
  listening: Listening,
  body: Pick<SlashCommand, 'text' | 'user_id' | 'team_id' | 'channel_id'>,
): Promise<{ modal: Promise<ModalView> } | { text: string } | null> {
  const [, word = '', rest = ''] = /^\s*(\S+)\s*(.*)$/s.exec(body.text) ?? []
  const command = commands.find(({ words }) => Object.hasOwn(words, word.toLowerCase()))
  const user = { userId: body.user_id, teamId: body.team_id }
  if (!command || !(await agentSomewhere(listening, user, body.channel_id))) return null
  if (command.run === 'organization') return { modal: modalForDomains(listening, rest, body.channel_id) }
  return postButton(listening, body.channel_id, command.words[word.toLowerCase()]!)
}

/** The agent of the desk, or of the triage channel they write in, that a Slack user is; null for everybody else. */
export async function agentSomewhere(
  { who, triageChannelOf, isTriageChannel }: Listening,
  user: SlackUser,
  here: string,
): Promise<(Actor & { kind: 'agent' }) | null> {
  const channels = [triageChannelOf(null), ...(isTriageChannel(here) ? [here] : [])]
  for (const channel of channels) {
    const agent = await who.agent(user, channel).catch((error) => {
      if (error instanceof Refusal) return null
      throw error
    })
    if (agent) return agent
  }
  return null
}

/**
 * Whether somebody is known to be an agent. Where Slack cannot say, because the triage channel was archived or does not
 * answer, they are not: what everybody can ask for must not depend on it.
 */
export async function isKnownAgent(listening: Listening, user: SlackUser, here: string): Promise<boolean> {
  return agentSomewhere(listening, user, here).then(
    (agent) => agent !== null,
    (error) => {
      listening.log.warn({ err: error }, 'who is an agent could not be asked')
      return false
    },
  )
}

/** A message whose button opens the questionnaire, for those who have no command: guests, and people of other workspaces. */
async function postButton({ client, render }: Listening, channel: string, locale: string) {
  const ctx = render.requesterContext({ locale, timeZone: null })
  try {
    await client.chat.postMessage({ channel, ...helpButtonView(ctx), unfurl_links: false })
    return { text: '' }
  } catch (error) {
    if (isSlackError(error, 'not_in_channel', 'channel_not_found'))
      return { text: render.deskContext().words('access.help.not-here') }
    throw error
  }
}
