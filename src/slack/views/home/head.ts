import { articlesButton } from '../articles/articles-button.ts'
import { actions, button, header } from '../blocks.ts'
import type { HomeButton, HomeSection } from './section.ts'

/** The buttons at the top, in order: add yours here (Slack shows five in a row, and takes 25). */
const buttons: HomeButton[] = [
  (_, { words }) => button('home.open_ticket', words('slack.button.open-ticket'), {}, { style: 'primary' }),
  (_, ctx) => articlesButton('', ctx),
  (_, { words }) => button('home.addresses', words('people.addresses.button'), {}),
  (_, { words }) => button('home.organization', words('access.org.button'), {}),
]

/** What this place is, and what can be done from here. 2 blocks. */
export const head: HomeSection = (data, ctx) => [
  header('home.title', ctx.words('history.title')),
  actions(
    'home.open',
    buttons.flatMap((make) => make(data, ctx) ?? []),
  ),
]
