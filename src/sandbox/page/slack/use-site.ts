import { useEffect, useRef, useState } from 'preact/hooks'
import type { ClickTarget, ViewValues } from '../../slack/types.ts'
import { say } from '../notice.ts'
import { keyOf, type Site } from './site.ts'
import { slack } from './slack-api.ts'

/** The site of one message, modal or Home: hands over what was typed, then acts, and shows what the app is working on. */
export function useMakeSite(me: string, target: ClickTarget, values: ViewValues, refused: Record<string, string> = {}) {
  const errors = useErrors(refused)
  const [busy, setBusy] = useState<string | null>(null)
  const typed = useRef(new Map<string, () => Promise<void>>())

  /** Everything still being typed reaches the sandbox before what comes next. */
  const handOver = async () => {
    for (const hand of [...typed.current.values()]) await hand()
  }
  const site: Site = {
    target,
    values,
    errors: errors.shown,
    busy,
    typing(key, hand) {
      if (hand) {
        errors.answered(key.slice(0, key.lastIndexOf('/')))
        typed.current.set(key, hand)
      } else typed.current.delete(key)
    },
    async act(element, blockId, value) {
      setBusy(keyOf(blockId, element))
      try {
        await handOver()
        const said = await slack.click(me, target, String(element.action_id), blockId, value)
        if (!said.ok) say(said.says)
      } finally {
        setBusy(null)
      }
    },
    async fill(element, blockId, value) {
      if (!('viewId' in target)) return
      errors.answered(blockId)
      const said = await slack.fill(me, target.viewId, blockId, value, String(element.action_id))
      if (!said.ok) say(said.says)
    },
  }
  return { site, handOver, showErrors: errors.all }
}

/** What the last submission was refused for, without the fields that have been changed since: they may be right now. */
function useErrors(refused: Record<string, string>) {
  const [answered, setAnswered] = useState<string[]>([])
  const key = JSON.stringify(refused)
  useEffect(() => setAnswered([]), [key])
  return {
    shown: Object.fromEntries(Object.entries(refused).filter(([blockId]) => !answered.includes(blockId))),
    /** After another submission everything it was refused for stands there again. */
    all: () => setAnswered([]),
    answered: (blockId: string) => setAnswered((before) => (before.includes(blockId) ? before : [...before, blockId])),
  }
}
