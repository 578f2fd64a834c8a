import type { HomeView } from '@slack/types'
import { header, section, WAIT_SIGN } from './blocks.ts'
import type { ViewContext } from './context.ts'
import { controls } from './home/controls.ts'
import { footer } from './home/footer.ts'
import { head } from './home/head.ts'
import { needsMe } from './home/needs-me.ts'
import { requests } from './home/requests.ts'
import type { HomeData, HomeSection } from './home/section.ts'
import { limits } from './limits.ts'

// A new button is added in home/head.ts, a new section in home/footer.ts, what it shows in home/section.ts.
const sections: HomeSection[] = [head, needsMe, controls, requests, ...footer]

/** The App Home: what can be done, what waits for the reader, their request history, and the rest below. */
export function homeView({ ctx, ...data }: HomeData & { ctx: ViewContext }): HomeView {
  const blocks = sections.flatMap((section) => section(data, ctx))
  return { type: 'home', callback_id: 'home', blocks: blocks.slice(0, limits.viewBlocks) }
}

/** Shown while the database takes its time; without words to somebody whose language nobody knows yet. */
export function homeLoading({ words, isUnmet }: ViewContext): HomeView {
  const blocks = isUnmet
    ? [section('home.loading', WAIT_SIGN)]
    : [header('home.title', words('history.title')), section('home.loading', words('history.loading'))]
  return { type: 'home', callback_id: 'home.loading', blocks }
}
