/**
 * A moment to the minute in the reader's zone, with the zone's name, in the reader's language:
 * "Tuesday 24 November 2026, 20:00 (CET)". Seconds are cut, so that a stated deadline is never later than the real one.
 * An unknown zone is shown as UTC and an unknown language as English, said as such by the name in brackets.
 */
export function moment(at: Date, locale: string | null, timeZone: string | null): string {
  const zone = knownZone(timeZone)
  const language = knownLocale(locale)
  const written = format(language, zone, { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' }, at)
  const day = language === 'en-GB' ? written.replace(',', '') : written
  const time = format(language, zone, { timeStyle: 'short' }, at)
  return `${day}, ${time} (${zoneName(at, language, zone)})`
}

// Only some English locales know the letters people use: en-GB says CET, en-US says EST, the others say GMT-3.
const lettered = ['en-US', 'en-GB', 'en-AU', 'en-IN']

function zoneName(at: Date, locale: string, zone: string): string {
  const names = [locale, ...lettered].map((speaker) => {
    const parts = formatter(speaker, zone, { timeZoneName: 'short' }).formatToParts(at)
    return parts.find((part) => part.type === 'timeZoneName')?.value ?? zone
  })
  return names.find((name) => !/\d/.test(name)) ?? names[0] ?? zone
}

function format(locale: string, timeZone: string, options: Intl.DateTimeFormatOptions, at: Date): string {
  // Newer ICU puts U+202F before "PM", which old mail programs show as a box.
  return formatter(locale, timeZone, options)
    .format(at)
    .replace(/[\u202f\u00a0]/g, ' ')
}

const formatters = new Map<string, Intl.DateTimeFormat>()

function formatter(locale: string, timeZone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = JSON.stringify([locale, timeZone, options])
  const known = formatters.get(key) ?? new Intl.DateTimeFormat(locale, { ...options, timeZone })
  formatters.set(key, known)
  return known
}

function knownZone(timeZone: string | null): string {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: timeZone || 'UTC' }).resolvedOptions().timeZone
  } catch {
    return 'UTC'
  }
}

/** Plain English is written as in Britain, day first and 24 hours: the form that nobody misreads. */
function knownLocale(locale: string | null): string {
  try {
    const [tag] = Intl.getCanonicalLocales((locale || 'en').replaceAll('_', '-'))
    return !tag || tag === 'en' ? 'en-GB' : tag
  } catch {
    return 'en-GB'
  }
}
