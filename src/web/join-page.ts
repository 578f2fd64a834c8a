import { html } from 'hono/html'
import type { CodePair } from '../linking.ts'
import type { Words } from '../templates.ts'
import type { Html } from './page.ts'

interface Step {
  words: Words
  /** What the page proves itself with when it is sent. */
  proof: string
  /** A sentence to begin with. */
  told: string | null
}

/** Asks for the other address. */
export function joinContent({ words, proof, told, typed }: Step & { typed: string }): Html {
  return html`<h1>${words('join.title')}</h1>
${told && html`<p class="told" role="status">${told}</p>`}
<p>${words('join.intro')}</p>
<form method="post" action="?">
<input type="hidden" name="page" value="${proof}">
<label class="ask" for="address">${words('join.address')}</label>
<input class="line" id="address" name="address" type="email" autocomplete="email" required maxlength="320" value="${typed}">
<div class="send"><button type="submit">${words('join.send-codes')}</button></div>
</form>` as Html
}

/** Asks for the two codes. */
export function codesContent({ words, proof, told, ids }: Step & { ids: CodePair }): Html {
  const code = (name: 'own' | 'other') => html`<label class="ask" for="code_${name}">${words(`join.${name}`)}</label>
<input class="line" id="code_${name}" name="code_${name}" inputmode="numeric" autocomplete="one-time-code" required maxlength="20">
`
  return html`<h1>${words('join.title')}</h1>
${told && html`<p class="told" role="status">${told}</p>`}
<form method="post" action="?">
<input type="hidden" name="page" value="${proof}">
<input type="hidden" name="own" value="${ids.own}">
<input type="hidden" name="other" value="${ids.other}">
${code('own')}${code('other')}<div class="send"><button type="submit">${words('join.join')}</button></div>
</form>` as Html
}

export function doneContent(words: Words, address: string, count: number): Html {
  return html`<h1>${words('join.title')}</h1>
<p class="told" role="status">${words('join.joined', { address, count })}</p>` as Html
}
