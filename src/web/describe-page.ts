import { html } from 'hono/html'
import type { Words } from '../templates.ts'
import type { PageQuestion } from '../ticket/page-questions.ts'
import type { Ticket } from '../ticket/ticket.ts'
import type { Html } from './page.ts'

/** What the page knows. Like the survey's, it shows number and subject, and no word of the conversation. */
export interface DescribePage {
  ticket: Pick<Ticket, 'id' | 'subject' | 'status'>
  questions: PageQuestion[]
  words: Words
  /** What the page proves itself with when it is sent. */
  proof: string
  /** What was chosen or typed so far, by field of the page: a question, or `<question>.<option>` of several ticks. */
  chosen: Record<string, string>
  /** What is wrong with an answer, by question, in the reader's words. */
  problems: Record<string, string>
  /** A sentence to begin with, such as why Send is to be pressed once more. */
  told: string | null
}

/** What a request does not say yet, to be chosen or typed: only what is missing, nothing required, one button, no script. */
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
${questions.map((question) => asked(question, page))}
<div class="send"><button type="submit">${words('describe.send')}</button></div>
</form>` as Html
}

const MOST_RADIOS = 6 // more of them would push the button off a phone's screen

function asked(question: PageQuestion, page: DescribePage): Html {
  const { kind } = question.field
  if (kind === 'checkboxes') return choices(question, page, 'checkbox')
  if (question.options.length > MOST_RADIOS) return select(question, page)
  return question.options.length > 0 ? choices(question, page, 'radio') : typed(question, page)
}

function choices(question: PageQuestion, page: DescribePage, type: 'radio' | 'checkbox'): Html {
  const { key, options } = question
  const isMany = type === 'checkbox'
  return html`<fieldset${beside(question, page)}>
<legend>${heading(question, page)}</legend>
${below(question, page)}${options.map(({ value, label, description }) => {
  const [name, sent] = isMany ? [`${key}.${value}`, 'yes'] : [key, value]
  return html`<label class="choice"><input type="${type}" name="${name}" value="${sent}"${page.chosen[name] === sent && html` checked`}>
<span>${label}${description && html` <span class="quiet">${description}</span>`}</span></label>
`
})}</fieldset>
` as Html
}

function select(question: PageQuestion, page: DescribePage): Html {
  const { key, options } = question
  return html`<label class="ask" for="${key}">${heading(question, page)}</label>
${below(question, page)}<select id="${key}" name="${key}"${beside(question, page)}>
<option value="">${page.words('describe.choose')}</option>
${options.map(
  ({ value, label }) => html`<option value="${value}"${page.chosen[key] === value && html` selected`}>${label}</option>
`,
)}</select>
` as Html
}

function typed(question: PageQuestion, page: DescribePage): Html {
  const { key, field, placeholder } = question
  const value = page.chosen[key] ?? ''
  const most = 'maxLength' in field && html` maxlength="${field.maxLength}"`
  const label = html`<label class="ask" for="${key}">${heading(question, page)}</label>
${below(question, page)}`
  if (field.kind === 'longtext')
    return html`${label}<textarea id="${key}" name="${key}"${most}${beside(question, page)}>
${value}</textarea>
` as Html
  // A number is typed as text: a browser would send nothing of what it takes for none, and nobody would know.
  const [type, mode] = { email: ['email'], url: ['url'], date: ['date'], number: ['text', 'decimal'] }[
    field.kind as string
  ] ?? ['text']
  return html`${label}<input class="line" type="${type}"${mode && html` inputmode="${mode}"`} id="${key}" name="${key}" value="${value}"${placeholder && html` placeholder="${placeholder}"`}${most}${beside(question, page)}>
` as Html
}

/** What the form says under a question, and what is wrong with the answer. */
function below({ key, hint }: PageQuestion, { problems }: DescribePage): Html {
  return html`${
    hint &&
    html`<p class="hint quiet" id="${key}-hint">${hint}</p>
`
  }${
    problems[key] &&
    html`<p class="problem" id="${key}-problem">⚠️ ${problems[key]}</p>
`
  }` as Html
}

/** Tells who hears the page that those belong to the question. */
function beside({ key, hint }: PageQuestion, { problems }: DescribePage): Html {
  const ids = [...(hint ? [`${key}-hint`] : []), ...(problems[key] ? [`${key}-problem`] : [])].join(' ')
  return html`${ids && html` aria-describedby="${ids}"`}${problems[key] && html` aria-invalid="true"`}` as Html
}

function heading({ label, onlyFor }: PageQuestion, { words }: DescribePage): Html {
  if (onlyFor === null) return html`${label}` as Html
  return html`${label} <span class="quiet">${words('describe.only-for', { option: onlyFor })}</span>` as Html
}
