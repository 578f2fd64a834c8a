import { useEffect, useRef, useState } from 'preact/hooks'

export type Topic = 'slack' | 'mail' | 'clock' | 'connection'

const listeners = new Map<Topic, Set<() => void>>()
let connected = true

/** Opens the page's one event stream; EventSource connects again by itself, and then everything is asked for anew. */
export function startLive(): void {
  const stream = new EventSource('/sandbox/events')
  stream.onopen = () => {
    const again = !connected
    connected = true
    if (again) for (const topic of ['slack', 'mail', 'clock', 'connection'] as const) tell(topic)
  }
  stream.onmessage = (event) => {
    for (const topic of String(event.data).split(' ')) tell(topic as Topic)
  }
  stream.onerror = () => {
    if (!connected) return
    connected = false
    tell('connection')
  }
}

function tell(topic: Topic): void {
  for (const listener of listeners.get(topic) ?? []) listener()
}

/** Calls `listener` whenever there is news of `topic`; the answer takes it off. */
export function onNews(topic: Topic, listener: () => void): () => void {
  const set = listeners.get(topic) ?? new Set()
  listeners.set(topic, set.add(listener))
  return () => set.delete(listener)
}

/**
 * What `load` answers, asked again on every news of `topic` and whenever `key` changes; null until it has answered for
 * this key. Answers that come late, for a key no longer shown, are dropped.
 */
export function useLive<T>(topic: Topic, key: string, load: () => Promise<T>): T | null {
  const [shown, show] = useState<{ key: string; value: T } | null>(null)
  const latest = useRef(load)
  latest.current = load
  useEffect(() => {
    let wanted = true
    let asking = false
    let again = false
    const ask = async () => {
      if (asking) {
        again = true
        return
      }
      asking = true
      do {
        again = false
        try {
          const value = await latest.current()
          if (wanted) show({ key, value })
        } catch (error) {
          console.warn('the sandbox did not answer; it is asked again with the next news', error)
        }
      } while (again && wanted)
      asking = false
    }
    void ask()
    const off = onNews(topic, ask)
    return () => {
      wanted = false
      off()
    }
  }, [topic, key])
  return shown?.key === key ? shown.value : null
}

/** Whether the sandbox can be reached. */
export function useConnected(): boolean {
  const [is, set] = useState(connected)
  useEffect(() => onNews('connection', () => set(connected)), [])
  return is
}
