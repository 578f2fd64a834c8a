import type { ApiCall } from '../../src/sandbox/slack/types.ts'

/** What Slack may refuse: a conversation the app is not in is asked for, and a modal may be closed before it is drawn anew. */
const mayRefuse = ['conversations.replies channel_not_found', 'views.update not_found']

/** The calls that Slack refused although nobody may be refused there, with what was asked. */
export function refusedCalls(calls: ApiCall[]): Pick<ApiCall, 'method' | 'error' | 'args'>[] {
  return calls
    .filter(({ ok, method, error }) => !ok && !mayRefuse.includes(`${method} ${error}`))
    .map(({ method, error, args }) => ({ method, ...(error === undefined ? {} : { error }), args }))
}
