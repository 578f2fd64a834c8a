import { useEffect, useRef, useState } from 'preact/hooks'
import { html } from '../html.ts'
import type { ElementProps } from './elements.ts'
import { held, keyOf, useSite } from './site.ts'
import { wordsOf } from './text-object.ts'

const kinds: Record<string, { type: string; mode?: string }> = {
  email_text_input: { type: 'email' },
  url_text_input: { type: 'url' },
  number_input: { type: 'text', mode: 'decimal' },
}

/** Text, number, e-mail and link inputs. What is typed is handed over on leaving the field and before any button acts. */
export function TextInput({ element, blockId, labelledBy, invalid }: ElementProps) {
  const site = useSite()
  const kept = textOfValue(held(site, blockId, element))
  const [text, setText] = useState(kept)
  const typed = useRef<string | null>(null)
  const key = keyOf(blockId, element)

  // What the sandbox holds wins, except over words that have not reached it yet.
  useEffect(() => {
    if (typed.current === null) setText(kept)
  }, [kept])

  const hand = async () => {
    const now = typed.current
    if (now === null) return
    typed.current = null
    site.typing(key, null)
    await site.fill(element, blockId, now === '' ? null : now)
  }
  const dispatch = (element.dispatch_action_config as { trigger_actions_on?: string[] } | undefined)?.trigger_actions_on
  const onInput = (event: Event) => {
    const now = (event.currentTarget as HTMLInputElement).value
    setText(now)
    typed.current = now
    site.typing(key, hand)
    if (dispatch?.includes('on_character_entered')) void hand()
  }
  const most = element.max_length === undefined ? undefined : Number(element.max_length)
  const props = {
    value: text,
    onInput,
    onBlur: hand,
    placeholder: wordsOf(element.placeholder),
    maxLength: most,
    'aria-labelledby': labelledBy,
    'aria-invalid': invalid,
    autofocus: element.focus_on_load === true,
    'data-test': `action-${element.action_id}`,
    spellcheck: true,
  }
  const near = most !== undefined && text.length > most * 0.8
  return html`
    ${
      element.multiline || element.type === 'rich_text_input'
        ? html`<textarea class="field" rows="4" ...${props} />`
        : html`<input class="field" type=${kinds[element.type]?.type ?? 'text'} inputmode=${kinds[element.type]?.mode} ...${props} onKeyDown=${(
            event: KeyboardEvent,
          ) => {
            if (event.key === 'Enter' && dispatch?.includes('on_enter_pressed')) void hand()
          }} />`
    }
    ${near && html`<small class="count">${text.length} of ${most} characters</small>`}
  `
}

function textOfValue(value: { [property: string]: unknown } | undefined): string {
  if (typeof value?.value === 'string') return value.value
  const rich = value?.rich_text_value as { elements?: { elements?: { text?: string }[] }[] } | undefined
  return (rich?.elements ?? []).flatMap((part) => (part.elements ?? []).map((leaf) => leaf.text ?? '')).join('')
}
