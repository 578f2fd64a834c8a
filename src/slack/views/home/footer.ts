import { followedSection } from './followed.ts'
import { language } from './language.ts'
import type { HomeSection } from './section.ts'

/**
 * What stands below the list of requests, in order: add your section here. Together they may have up to 25 blocks, so
 * that a section with a list of its own shows a few entries and a button for the rest.
 */
export const footer: HomeSection[] = [followedSection, language]
