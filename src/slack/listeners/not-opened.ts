import type { ModalView } from '@slack/types'
import { z } from 'zod'
import { slackFailure } from '../failures.ts'
import { explain, type Listening, userOf } from '../listening.ts'
import { refreshModal } from '../modal-answer.ts'
import { notOpenedView, openForm, type PressAgain } from '../views/not-opened.ts'
import { withProblem } from '../views/with-problem.ts'

const shape = z.object({
  type: z.enum(['block_actions', 'shortcut', 'message_action']),
  user: z.looseObject({ id: z.string(), team_id: z.string().optional() }),
  team: z.object({ id: z.string() }).nullish(),
  channel: z.object({ id: z.string() }).nullish(),
  view: z.looseObject({ id: z.string(), type: z.string() }).nullish(),
  callback_id: z.string().optional(),
  actions: z
    .array(
      z.object({
        action_id: z.string(),
        value: z.string().optional(),
        text: z.object({ text: z.string() }).optional(),
      }),
    )
    .optional(),
})
type Press = z.infer<typeof shape>

/**
 * Whoever pressed something that Slack then opened no window for, because it took too long or Slack had no time for it, is
 * told so, with the same button where there is a place for one: after the acknowledgement nothing else would tell them.
 */
export function register(listening: Listening): void {
  listening.app.use(async ({ body, next }) => {
    try {
      await next()
    } catch (error) {
      const press = shape.safeParse(body)
      if (press.success)
        await say(listening, press.data, error).catch((problem) =>
          listening.log.warn({ err: problem }, 'nobody could be told that nothing opened'),
        )
      throw error
    }
  })
}

async function say(listening: Listening, press: Press, error: unknown): Promise<void> {
  const { client, who, render } = listening
  const user = userOf(press)
  const reader = await who.contact(user).catch(() => who.lately(user))
  const ctx = render.requesterContext(reader)
  const text = isSlacks(error) ? ctx.words('chat.not-opened') : explain(listening, error, reader)
  if (press.view?.type === 'modal')
    return refreshModal(client, press.view.id, withProblem(press.view as unknown as ModalView, text))
  const isTold =
    press.channel &&
    (await client.chat.postEphemeral({ channel: press.channel.id, user: user.userId, text }).then(
      () => true,
      () => false, // we are not in that channel
    ))
  if (isTold) return
  const again = press.type === 'shortcut' ? openForm(ctx) : pressAgain(press)
  await client.chat.postMessage({ channel: user.userId, ...notOpenedView(text, again) })
}

/** What opens the same from a message. */
const repeatable =
  /^(home\.(open_ticket|addresses|organization|articles)|request\.(show|reply|follow-up)|article\.read)$/

function pressAgain({ actions = [] }: Press): PressAgain | null {
  const [action] = actions
  if (!action?.text || !repeatable.test(action.action_id)) return null
  return { actionId: action.action_id, text: action.text.text, value: JSON.parse(action.value ?? '{}') }
}

/** Whether it was Slack that would not, as far as its client can say. */
function isSlacks(error: unknown): boolean {
  try {
    return slackFailure(error).kind !== 'never'
  } catch {
    return false
  }
}
