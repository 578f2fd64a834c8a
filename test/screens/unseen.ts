/** Labels that the walk does not meet, and why not. What is here must be read to be believed: each with its reason. */
export const unseen: [keys: RegExp, because: string][] = [
  [
    /^slack\.(card|thread|mail|priority|reply|unreachable)\./,
    'agents alone read cards, their threads and notices of mail',
  ],
  [/^slack\.(next|status)\.staff\./, 'agents alone'],
  [
    /^slack\.button\.(take|take-over|reply|pend|solve|undo|send-again|assume-sent|lift|accept-mail|new-ticket|discard|whole-mail)$/,
    'buttons of agents',
  ],
  [/^(mail-reasons|consent\.card)\./, 'agents alone'],
  [/^people\.(button|modal|thread|own-address|is-requester)/, 'agents change who is copied'],
  [/^access\.(shared-channel|store\.unconfirmed)$/, 'agents alone'],
  [/^access\.org\.(grant|saved|none|taken|change|withdraw|sees|list-)/, 'agents grant access'],
  [/^access\.help\./, 'an agent posts this button, in the language they type: test/story/elsewhere.test.ts'],
  [/^conversation\.(thread|reply)\.|^conversation\.note\.(files-internal|send|for)$/, 'agents alone'],
  [/^conversation\.note\.files-left-out$/, 'of a thread with dozens of files: test/story/ways-in.test.ts'],
  [/^conversation\.requester\./, 'only an agent opens a request for somebody else'],
  [/^command\.(card$|help\.agent)/, 'what only agents can type'],
  [/^refusal\.(agents-only|already-(pending|taken|sent)|taken-by-you|too-many-ccs|mail-)/, 'what agents press'],

  [/^(access\.org\.text|conversation\.transcript\.)/, 'become what a person wrote: in its writer’s language'],
  [/^mail\.(mailbox-check|not-delivered|lacking)\./, 'every mail in every language: test/mail/compose*.test.ts'],
  [
    /^mail\.(from-|your-request|attachment|history-cut|no-words|footer-copied|follow-up|reply\.|waiting\.|solved\.)/,
    'every mail in every language: test/mail/compose*.test.ts',
  ],

  [/^whisper\./, 'whom Slack takes no direct message for: test/story/no-direct-messages.test.ts'],
  [/^refusal\.(not-yours|bad-score|already-open)$/, 'no button leads there: for who sends what no screen offers'],
  [
    /^refusal\.(too-late-to-reopen|no-codes-now|code-over|address-in-slack)$/,
    'of a minute or of another’s address: their own tests',
  ],
  [/^form\.error\./, 'Slack checks these itself before anything is sent; the page in a browser says them'],
  [/^form\.answer\.(yes|no)$/, 'a consent is shown in sentences of its own'],
  [/^form\.consent\.description$/, 'only of a company with a name too long for one line'],
  [/^slack\.file\.linked\./, 'a file that Slack did not take: test/story/uploads.test.ts'],
  [/^mail\.survey\.offer$/, 'of a second request within hours: test/story/survey.test.ts'],
  [/^status\.pending$/, 'the agents’ word for it'],
  [/^history\.modal\.(said\.(web|system)|quiet)$/, 'requests without words, or opened by no person'],
  [/^slack\.file\.waiting$/, 'for the moment until a file is fetched'],
  [/^history\.next\.over$/, 'between two sweeps, for seconds'],
  [/^command\.done$/, 'for a ticket that a later version closes at once'],
  [/^chat\.not-opened$/, 'a Slack that opens no window: test/slack/late-trigger.test.ts'],
  [/^chat\.(reply-sent|draft-gone)$/, 'of windows left open: test/slack/draft.test.ts'],
  [/^questionnaire\.changed$/, 'a form that changed meanwhile: test/story/form-change.test.ts'],
  [
    /^articles\.(cut|cut-page|gone|search\.not-now|in-language|followed\.more|news-more)$/,
    'test/slack/views, test/story/articles',
  ],
  [
    /^slack\.(comment\.(empty|more)|file\.(more|nameless|too-large|not-from-slack|not-found))$/,
    'odd files and words: test/slack/files.test.ts',
  ],
  [
    /^slack\.(subject\.none|people\.|form\.no-account|modal\.done$)/,
    'what stands for a missing name: test/slack/views.test.ts',
  ],
  [
    /^slack\.notice\.(replied\.other\.slack|reopened-by\.reply)$/,
    'two people in Slack on one request: test/story/each-once.test.ts',
  ],
  [/^(access\.language\.no-zone|people\.addresses\.none)$/, 'people of other workspaces: test/story/elsewhere.test.ts'],
  [
    /^(history\.search\.found|history\.modal\.(told-by|before-you)|history\.fact\.rating)$/,
    'test/story/history.test.ts',
  ],
  [/^conversation\.(edited|removed)$/, 'test/story/edited.test.ts'],
  [
    /^(describe\.(choose|put-right|complete)|join\.(joined|once-more))$/,
    'test/web/describe.test.ts, test/web/join.test.ts',
  ],
  [
    /^(survey\.(about|pick-one|list\.no-subject|not-found)|web\.(working-again|too-large|error))/,
    'test/web/survey-*.test.ts',
  ],
]

/** The same for views and what can be pressed. */
export const unseenIds: [ids: RegExp, because: string][] = [
  [/^(ticket|agent|mail|note)\.|^organizations?\.(grant|change|withdraw|list|add|intro|more)$/, 'agents alone'],
  [/^(add|remove|wait)$/, 'inputs of what agents fill in'],
  [/^(intake\.requester|requester)$/, 'only an agent opens a request for somebody else'],
  [/^ticket_from_message$/, 'in Slack’s own menu of a message'],
]
