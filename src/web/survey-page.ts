import { html } from 'hono/html'
import type { Words } from '../templates.ts'
import { isBad } from '../ticket/rating.ts'
import type { Ticket } from '../ticket/ticket.ts'
import type { Html } from './page.ts'

export const MAX_COMMENT = 1500 // at most 9 bytes each as a form sends them, so that a full box stays below BODY_LIMIT

/** What the survey page knows. A stranger who got hold of the link sees number, subject and score, and no word anybody wrote. */
export interface SurveyPage {
  ticket: Ticket
  words: Words
  /** What the page proves itself with when it is sent. */
  proof: string
  /** What was chosen or typed so far. */
  score: number | null
  comment: string
  /** A sentence to begin with, such as why Send is to be pressed once more. */
  told: string | null
}

/** The survey of one ticket, as it stands: to be answered, answered and to be changed, final, or too early (SUR-01..06). */
export function surveyContent(survey: SurveyPage): Html {
  const { ticket, words, told } = survey
  return html`<h1>${words('survey.title')}</h1>
<p class="about">${words('web.request', { number: String(ticket.id) })} <bdi>${ticket.subject}</bdi></p>
${told && html`<p class="told" role="status">${told}</p>`}
${ticket.rating ? rated(survey, ticket.rating.score) : unrated(survey)}` as Html
}

function unrated(survey: SurveyPage): Html {
  const { ticket, words } = survey
  if (ticket.status !== 'solved' && ticket.status !== 'closed')
    return html`<p>${words('web.working-again')}</p>` as Html
  return html`${ticket.status === 'closed' && html`<p class="quiet">${words('web.closed-first')}</p>`}
${form(survey)}` as Html
}

/** Who is not satisfied can have the request looked at again, by a click that only a person makes. */
function lookAgain({ ticket, words }: SurveyPage): Html {
  if (ticket.status !== 'solved' || !isBad(ticket.rating)) return html`` as Html
  // It sends the form below it, which is the only one on the page: what else was chosen there does not matter then.
  return html`<div class="told">
<p>${words('survey.look-again', { until: ticket.reopenUntil })}</p>
<button type="submit" form="vote" name="again" value="yes" formnovalidate>${words('survey.look-again-yes')}</button>
</div>` as Html
}

function rated(survey: SurveyPage, score: number): Html {
  const { ticket, words } = survey
  const vote = html`<p class="quiet">${words('web.your-rating')}</p>
<p class="rating">${stars(score)} ${words(`survey.score-${score}`)}</p>`
  if (ticket.status === 'closed') return html`${vote}\n<p>${words('survey.final')}</p>` as Html
  const until =
    ticket.status === 'solved' ? words('web.change-until', { until: ticket.reopenUntil }) : words('survey.may-change')
  const wantsChange = survey.comment !== '' || (survey.score !== null && survey.score !== score)
  return html`${vote}
${lookAgain(survey)}
<p>${until}</p>
<details${wantsChange && html` open`}>
<summary>${words('web.change')}</summary>
${form(survey)}
</details>` as Html
}

/** One form, one button, no script; sent to the address the page has, wherever the pages are mounted. */
function form({ ticket, words, proof, score, comment }: SurveyPage): Html {
  const chosen = score ?? ticket.rating?.score
  return html`<form method="post" action="?" id="vote">
<input type="hidden" name="page" value="${proof}">
<fieldset>
<legend>${words('survey.question')}</legend>
${scores.map(
  (
    n,
  ) => html`<label class="choice"><input type="radio" name="score" value="${n}" required${n === chosen && html` checked`}>
${stars(n)} <span>${words(`survey.score-${n}`)}</span></label>
`,
)}</fieldset>
<label class="ask" for="comment">${words('survey.comment')}</label>
<textarea id="comment" name="comment" rows="4" maxlength="${MAX_COMMENT}" dir="auto">
${comment}</textarea>
${ticket.rating?.comment && html`<p class="quiet">${words('web.keep-comment')}</p>`}
<div class="send"><button type="submit">${words('survey.send')}</button></div>
</form>` as Html
}

const scores = [5, 4, 3, 2, 1] // the order of the mail

function stars(score: number): Html {
  return html`<span class="stars" aria-hidden="true">${'★'.repeat(score)}${'☆'.repeat(5 - score)}</span>` as Html
}
