import { context, plainText, section } from '../blocks.ts'
import { say } from '../context.ts'
import { limits } from '../limits.ts'
import type { HomeSection } from './section.ts'

/** The value of the option that leaves the choice to Slack. */
export const AUTOMATIC = 'auto'

/** In which language and zone the reader is spoken to, and how to change both. 2 blocks. */
export const language: HomeSection = ({ speaking }, ctx) => {
  const { words } = ctx
  const options = [
    { value: AUTOMATIC, text: plainText(words('access.language.automatic'), limits.optionText) },
    ...speaking.locales.map((value) => ({ value, text: plainText(nameOf(value), limits.optionText) })),
  ]
  const chosen = options.find(({ value }) => value === speaking.chosen) ?? options[0]!
  const zone = speaking.timeZone?.replaceAll('_', ' ')
  return [
    {
      ...section('home.language', words('access.language.label')),
      accessory: { type: 'static_select', action_id: 'home.language', options, initial_option: chosen },
    },
    context('home.zone', zone ? say(words, 'access.language.zone', { zone }) : words('access.language.no-zone')),
  ]
}

/** A language as its own speakers write it: "Español". */
function nameOf(locale: string): string {
  const name = new Intl.DisplayNames([locale], { type: 'language' }).of(locale) ?? locale
  return name.slice(0, 1).toLocaleUpperCase(locale) + name.slice(1)
}
