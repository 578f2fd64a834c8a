import { html } from '../html.ts'
import { dayOf } from '../moment.ts'
import type { ElementProps } from './elements.ts'
import { useReader } from './reader.ts'
import { held, useSite } from './site.ts'

function usePicker({ element, blockId, use, labelledBy, invalid }: ElementProps) {
  const site = useSite()
  const give = (value: string | number | null) =>
    use === 'act' ? site.act(element, blockId, value) : site.fill(element, blockId, value)
  const props = {
    class: 'field short',
    'aria-labelledby': labelledBy,
    'aria-invalid': invalid,
    'data-test': `action-${element.action_id}`,
  }
  return { value: held(site, blockId, element), give, props }
}

const text = (event: Event) => (event.currentTarget as HTMLInputElement).value || null

/** datepicker: YYYY-MM-DD. */
export function Day(props: ElementProps) {
  const picker = usePicker(props)
  return html`<input
    type="date"
    ...${picker.props}
    value=${picker.value?.selected_date ?? ''}
    onChange=${(event: Event) => picker.give(text(event))}
  />`
}

/** timepicker: HH:mm. */
export function Hour(props: ElementProps) {
  const picker = usePicker(props)
  return html`<input
    type="time"
    ...${picker.props}
    value=${picker.value?.selected_time ?? ''}
    onChange=${(event: Event) => picker.give(text(event))}
  />`
}

/** datetimepicker: seconds since 1970, typed in the zone of the person who looks. */
export function DateTime(props: ElementProps) {
  const picker = usePicker(props)
  const { viewer } = useReader()
  const at = picker.value?.selected_date_time
  const shown = typeof at === 'number' ? wallClock(new Date(at * 1000), viewer.tz) : ''
  const give = (event: Event) => {
    const typed = text(event)
    void picker.give(typed === null ? null : epochOf(typed, viewer.tz))
  }
  return html`<input type="datetime-local" ...${picker.props} value=${shown} onChange=${give} />`
}

function wallClock(at: Date, tz: string): string {
  const hours = new Intl.DateTimeFormat('en-GB', { timeZone: tz, hour: '2-digit', minute: '2-digit' }).format(at)
  return `${dayOf(at, { tz, locale: 'en' })}T${hours}`
}

function epochOf(typed: string, tz: string): number {
  // Read as UTC, then moved by what the zone's clock shows at about that moment.
  const asUtc = Date.parse(`${typed}Z`)
  const shift = Date.parse(`${wallClock(new Date(asUtc), tz)}Z`) - asUtc
  return Math.floor((asUtc - shift) / 1000)
}
