import type { HomeSection } from './section.ts'

/** What waits for the reader, before everything else. */
export const needsMe: HomeSection = () => []
