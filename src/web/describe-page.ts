import { html } from 'hono/html'
import type { Words } from '../templates.ts'
import type { Question } from '../ticket/questions.ts'
import type { Ticket } from '../ticket/ticket.ts'
import type { Html } from './page.ts'

/** What the page knows. Like the survey's, it shows number and subject, and no word of the conversation. */
export interface DescribePage {
  ticket: Pick<Ticket, 'id' | 'subject' | 'status'>
  questions: Question[]
  words: Words
  /** What the page proves itself with when it is sent. */
  proof: string
  /** What was chosen so far, by question. */
  chosen: Record<string, string>
  /** A sentence to begin with, such as why Send is to be pressed once more. */
  told: string | null
}

/** What a request does not say yet, to be chosen: only what is missing, nothing required, one button, no script. */
export function describeContent(page: DescribePage): Html {
  const { ticket, words, told } = page
  return html`<h1>${words('describe.title')}</h1>
<p class="about">${words('web.request', { number: String(ticket.id) })} <bdi>${ticket.subject}</bdi></p>
${told && html`<p class="told" role="status">${told}</p>`}
${standing(page)}` as Html
}

function standing(page: DescribePage): Html {
  const { ticket, questions, words } = page
  if (ticket.status === 'closed') return html`<p>${words('describe.closed')}</p>` as Html
  if (questions.length === 0) return html`<p>${words('describe.complete')}</p>` as Html
  return html`<p>${words('describe.intro')}</p>
<form method="post" action="?">
<input type="hidden" name="page" value="${page.proof}">
${questions.map((question) => (question.options.length > MOST_RADIOS ? select(question, page) : radios(question, page)))}
<div class="send"><button type="submit">${words('describe.send')}</button></div>
</form>` as Html
}

const MOST_RADIOS = 6 // more of them would push the button off a phone's screen

function radios(question: Question, page: DescribePage): Html {
  const { key, options } = question
  return html`<fieldset>
<legend>${heading(question, page)}</legend>
${options.map(
  ({ value, label }) =>
    html`<label class="choice"><input type="radio" name="${key}" value="${value}"${page.chosen[key] === value && html` checked`}>
<span>${label}</span></label>
`,
)}</fieldset>
` as Html
}

function select(question: Question, page: DescribePage): Html {
  const { key, options } = question
  return html`<label class="ask" for="${key}">${heading(question, page)}</label>
<select id="${key}" name="${key}">
<option value="">${page.words('describe.choose')}</option>
${options.map(
  ({ value, label }) => html`<option value="${value}"${page.chosen[key] === value && html` selected`}>${label}</option>
`,
)}</select>
` as Html
}

function heading({ label, onlyFor }: Question, { words }: DescribePage): Html {
  if (onlyFor === null) return html`${label}` as Html
  return html`${label} <span class="quiet">${words('describe.only-for', { option: onlyFor })}</span>` as Html
}
