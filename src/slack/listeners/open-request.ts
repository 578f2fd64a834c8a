import { type Draft, finishDraft } from '../../store/drafts.ts'
import { type Passage, savePassage } from '../../store/passages.ts'
import { renameContact, type SlackUser } from '../../store/people.ts'
import { settleTalk, type Talk } from '../../store/talks.ts'
import { type TicketFields, ticketFields } from '../../ticket/form-answers.ts'
import type { Person } from '../../ticket/in-full.ts'
import { Refusal } from '../../ticket/refusal.ts'
import type { Actor, Attachment, CommentDraft } from '../../ticket/ticket.ts'
import type { Listening } from '../listening.ts'
import { findLines, passageText } from '../passage.ts'
import { along, filesAlong } from '../transcript.ts'
import { agentSomewhere } from './agent-commands.ts'
import { showSettled } from './comes-along.ts'

/** Opens the request that a filled-in draft describes, with what comes along, and answers with its number. */
export async function open(listening: Listening, user: SlackUser, filler: Person, draft: Draft): Promise<number> {
  const { clock, database, desk, intake } = listening
  const requester = draft.requester ?? filler
  const accounts = listening.accountsOf(requester)
  const fields = ticketFields(intake.form, listening.labelsFor(filler), draft.answers, { accounts })
  const { talk } = draft
  const actor = await actorOf(listening, user, filler, draft, talk)
  return database.transaction(async (tx) => {
    // A name that an agent typed is not how somebody calls themselves.
    if (!draft.requester) await renameContact(tx, filler.id, fields.requesterName)
    // As it is at this moment: without what its author is deleting.
    const source = `slack/draft/${draft.id}`
    const words = talk && (await settleTalk(tx, talk.id, clock.now(), talk.kind === 'message' ? null : source))
    const brought = talk && words ? { ...talk, words } : talk
    const passage = passageFor(listening, fields, brought, requester)
    if (talk && words) await savePassage(tx, talk.id, passage)
    const { subject, branch, accountKey, form, impact, users, priority } = fields
    const { ticketId } = await desk.handle(
      {
        type: 'open',
        intake: {
          subject,
          branch,
          accountKey,
          ...listening.routeOf(branch, accountKey),
          form,
          answers: draft.requester ? withoutConsent(listening, fields) : fields.answers,
          impact,
          users,
          priority,
        },
        requesterId: requester.id,
        ccIds: [],
        locale: requester.locale ?? 'en',
        comment: commentOf(fields, brought, passage),
        mayAnswer: true,
        followUpOf: null,
        consent: draft.requester ? null : fields.consent, // nobody agrees for somebody else
        actor,
        via: 'slack',
        source,
      },
      tx,
    )
    await finishDraft(tx, draft.id, ticketId, clock.now())
    if (talk && words) await showSettled(listening, tx, talk, filler.id)
    return ticketId
  })
}

/** Who opens it: oneself, or an agent for somebody, who must still be one. */
async function actorOf(
  listening: Listening,
  user: SlackUser,
  filler: Person,
  draft: Draft,
  talk: Talk | null,
): Promise<Actor> {
  if (!draft.requester) return { kind: 'contact', id: filler.id }
  const agent = await agentSomewhere(listening, user, talk?.channel ?? '')
  if (!agent) throw new Refusal('agents-only')
  return agent
}

/** The answers without a consent that the requester has not given. */
function withoutConsent({ intake }: Listening, { answers }: TicketFields): TicketFields['answers'] {
  const { consent } = intake.form.roles
  return consent === undefined || answers[consent] === undefined ? answers : { ...answers, [consent]: false }
}

function passageFor(listening: Listening, fields: TicketFields, talk: Talk | null, requester: Person): Passage {
  if (!talk) return [fields.description]
  const described = talk.kind === 'message' ? [fields.description] : findLines(fields.description, talk.words)
  const rest = along(talk, listening.render.requesterContext(requester))
  return rest.length === 0 ? described : fields.description ? [...described, '', ...rest] : rest
}

function commentOf(fields: TicketFields, talk: Talk | null, passage: Passage): CommentDraft {
  const chosen = fields.files.map(
    ({ id, name, contentType, size, url }): Attachment => ({
      ...{ name, contentType, size, sha256: null, refused: null },
      slackFile: { id, url },
    }),
  )
  const brought = talk ? filesAlong(talk).files : []
  const known = new Set(chosen.map(({ slackFile }) => slackFile?.id))
  const attachments = [...chosen, ...brought.filter(({ slackFile }) => !slackFile || !known.has(slackFile.id))]
  const text = passageText(passage, talk?.words ?? [])
  return { text, fullText: null, attachments }
}
