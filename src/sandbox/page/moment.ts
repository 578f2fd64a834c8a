/** Times as Slack and mail clients write them, in the zone and language of the person who looks. */
export interface Viewer {
  tz: string
  locale: string
}

const formats = new Map<string, Intl.DateTimeFormat>()

function format(viewer: Viewer, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${viewer.tz} ${viewer.locale} ${JSON.stringify(options)}`
  let found = formats.get(key)
  if (!found) {
    found = new Intl.DateTimeFormat(viewer.locale, { timeZone: viewer.tz, ...options })
    formats.set(key, found)
  }
  return found
}

export const time = (at: Date, viewer: Viewer) => format(viewer, { hour: 'numeric', minute: '2-digit' }).format(at)
export const timeWithSeconds = (at: Date, viewer: Viewer) =>
  format(viewer, { hour: 'numeric', minute: '2-digit', second: '2-digit' }).format(at)
export const dayName = (at: Date, viewer: Viewer) =>
  format(viewer, { weekday: 'long', day: 'numeric', month: 'long' }).format(at)
export const fullMoment = (at: Date, viewer: Viewer) =>
  format(viewer, {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: 'numeric',
    minute: '2-digit',
    timeZoneName: 'short',
  }).format(at)

/** The calendar day in the viewer's zone, as YYYY-MM-DD. */
export function dayOf(at: Date, viewer: Viewer): string {
  return new Intl.DateTimeFormat('en-CA', {
    timeZone: viewer.tz,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  }).format(at)
}

/** "today", "yesterday", "tomorrow" in the viewer's language, or null when the day is further away. */
export function nearDay(at: Date, now: Date, viewer: Viewer): string | null {
  const days = (Date.parse(dayOf(at, viewer)) - Date.parse(dayOf(now, viewer))) / 86_400_000
  if (Math.abs(days) > 1) return null
  return new Intl.RelativeTimeFormat(viewer.locale, { numeric: 'auto' }).format(days, 'day')
}

/** The hour today, else the day: what a list of mails shows. */
export function shortMoment(at: Date, now: Date, viewer: Viewer): string {
  if (dayOf(at, viewer) === dayOf(now, viewer)) return time(at, viewer)
  return format(viewer, { day: 'numeric', month: 'short' }).format(at)
}

/** "2 days ago": of replies and rows where the exact time is one hover away. */
export function ago(at: Date, now: Date, locale: string): string {
  const seconds = (at.getTime() - now.getTime()) / 1000
  const units: [Intl.RelativeTimeFormatUnit, number][] = [
    ['day', 86_400],
    ['hour', 3600],
    ['minute', 60],
  ]
  const words = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })
  for (const [unit, length] of units) {
    if (Math.abs(seconds) >= length) return words.format(Math.round(seconds / length), unit)
  }
  return 'just now'
}

/**
 * One format string of `<!date^…>` (docs.slack.dev/messaging/formatting-message-text#date-formatting), in the reader's zone.
 */
export function slackDate(epoch: number, pattern: string, now: Date, viewer: Viewer): string {
  const at = new Date(epoch * 1000)
  const pretty = (options: Intl.DateTimeFormatOptions) => nearDay(at, now, viewer) ?? day(options)
  const day = (options: Intl.DateTimeFormatOptions) => format(viewer, options).format(at)
  const year = dayOf(at, viewer).slice(0, 4) === dayOf(now, viewer).slice(0, 4) ? undefined : ('numeric' as const)
  const usual = { day: 'numeric', month: 'long', year: 'numeric' } as const
  const short = { day: 'numeric', month: 'short', year: 'numeric' } as const
  const long = { weekday: 'long', ...usual } as const
  const words: Record<string, () => string> = {
    date_num: () => dayOf(at, viewer),
    date_slash: () => day({ day: '2-digit', month: '2-digit', year: 'numeric' }),
    date: () => day({ ...usual, year }),
    date_short: () => day(short),
    date_long: () => day(long),
    date_pretty: () => pretty({ ...usual, year }),
    date_short_pretty: () => pretty(short),
    date_long_pretty: () => pretty(long),
    day_divider_pretty: () => pretty({ weekday: 'long', day: 'numeric', month: 'long' }),
    time: () => time(at, viewer),
    time_secs: () => timeWithSeconds(at, viewer),
    ago: () => ago(at, now, viewer.locale),
  }
  return pattern.replace(/\{(\w+)\}/g, (whole, name: string) => words[name]?.() ?? whole)
}
