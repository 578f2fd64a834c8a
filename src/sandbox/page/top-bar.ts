import { useEffect, useState } from 'preact/hooks'
import type { ClockFace } from '../clock-routes.ts'
import { Avatar } from './avatar.ts'
import { css, html } from './html.ts'
import { Icon } from './icons.ts'
import { onNews, useConnected } from './live.ts'
import { fullMoment, type Viewer } from './moment.ts'
import { say } from './notice.ts'
import { go, type Place } from './place.ts'
import { Popover } from './slack/popover.ts'

/** What the page knows of a person before any part of it is asked. */
export interface SandboxPerson {
  id: string
  realName: string
  address: string
  tz: string
  locale: string
  role: 'client' | 'agent'
}

interface TopBarProps {
  place: Place
  people: SandboxPerson[]
  parts: { slack: boolean; mail: boolean }
  me: SandboxPerson
  unread: { slack: number; mail: number }
  onHint: () => void
}

/** Who one is, which of the two programs one looks at, and what time it is. */
export function TopBar({ place, people, parts, me, unread, onHint }: TopBarProps) {
  const connected = useConnected()
  const tab = (name: 'slack' | 'mail', label: string, count: number) =>
    parts[name] &&
    html`<button
      type="button"
      class=${css('tab', place.tab === name && 'on')}
      data-test=${`tab-${name}`}
      aria-pressed=${place.tab === name}
      onClick=${() => go({ tab: name })}
    ><${Icon} name=${name === 'slack' ? 'hash' : 'mail'} size=${16} /> ${label}${count ? html`<span class="count">${count}</span>` : null}</button>`
  return html`<header class="top">
    <a class="brand" href="/" aria-label="Deskhand sandbox">
    <img src="/sandbox/assets/icon.svg" alt="" width="26" height="26" /><span>Deskhand <em>sandbox</em></span></a>
    <div class="people" role="group" aria-label="Who you are">
      ${people.map(
        (person) => html`<button
        type="button"
        key=${person.id}
        class=${css('person', person.id === me.id && 'on')}
        data-test=${`person-${person.id}`}
        aria-pressed=${person.id === me.id}
        title=${`${person.realName}, ${person.role}, ${person.tz}`}
        onClick=${() => go({ person: person.id })}
      ><${Avatar} id=${person.id} name=${person.realName} size=${28} />
      <span>${person.realName.split(' ')[0]}<small>${person.role}</small></span></button>`,
      )}
    </div>
    <div class="tabs-main" role="group" aria-label="Program">
      ${tab('slack', 'Slack', unread.slack)}${tab('mail', 'Mail', unread.mail)}
      ${
        parts.slack &&
        parts.mail &&
        html`<button
        type="button"
        class=${css('tab only-wide', place.tab === 'both' && 'on')}
        aria-label="Side by side"
        title="Side by side"
        data-test="tab-both"
        aria-pressed=${place.tab === 'both'}
        onClick=${() => go({ tab: 'both' })}
      ><${Icon} name="split" size=${16} /></button>`
      }
    </div>
    <${Clock} viewer=${{ tz: me.tz, locale: 'en-GB' }} />
    <button
      type="button"
      class="plain help"
      aria-label="How to begin"
      title="How to begin"
      data-test="hint-open"
      onClick=${onHint}
    ><${Icon} name="help" /></button>
    ${!connected && html`<div class="lost" role="status">The sandbox does not answer. Trying again…</div>`}
  </header>`
}

function Clock({ viewer }: { viewer: Viewer }) {
  const [face, setFace] = useState<ClockFace | null>(null)
  const [pushing, setPushing] = useState(false)
  const [open, setOpen] = useState(false)
  const [, tick] = useState(0)
  useEffect(() => {
    const ask = async () => setFace((await (await fetch('/sandbox/clock')).json()) as ClockFace)
    void ask().catch(() => {})
    const timer = setInterval(() => tick((n) => n + 1), 10_000)
    const off = onNews('clock', () => void ask().catch(() => {}))
    return () => {
      clearInterval(timer)
      off()
    }
  }, [])
  if (!face) return null
  const now = new Date(Date.now() + face.aheadMs)
  const push = async (ms: number, label: string) => {
    setPushing(true)
    setOpen(false)
    try {
      const answer = await fetch('/sandbox/clock', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ ms }),
      })
      if (!answer.ok) throw new Error(`the clock answered ${answer.status}`)
      setFace((await answer.json()) as ClockFace)
      say(`It is ${label} later.`, 3000)
    } catch (error) {
      say(`The clock could not be pushed: ${(error as Error).message}`)
    } finally {
      setPushing(false)
    }
  }
  return html`<div class="clock" data-test="clock" data-ahead=${face.aheadMs} aria-busy=${pushing}>
    <time datetime=${now.toISOString()} title=${`The sandbox's time in ${viewer.tz}`}>${fullMoment(now, viewer)}</time>
    <${Popover}
      open=${open}
      onOpen=${setOpen}
      label="Push the clock"
      anchor=${(props: object) => html`<button
        type="button"
        class=${css('button push', pushing && 'busy')}
        data-test="clock-open"
        ...${props}
      ><${Icon} name="forward" size=${16} /><span>Push the clock</span></button>`}
    >
      <div role="menu" class="menu">
        <p class="none">Make time pass, to see what the desk does by itself.</p>
        ${face.presets.map(
          (preset) => html`<button
          type="button"
          role="menuitem"
          key=${preset.name}
          data-test=${`clock-push-${preset.name}`}
          onClick=${() => push(preset.ms, preset.label)}
        >${preset.label} forward</button>`,
        )}
      </div>
    <//>
  </div>`
}
