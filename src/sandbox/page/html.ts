import htm from 'htm'
import { h, type VNode } from 'preact'

/** htm's types speak of CommonJS, while what a browser loads is its ES module. */
const bindable = htm as unknown as {
  bind(make: typeof h): (strings: TemplateStringsArray, ...values: unknown[]) => VNode
}

/** Markup as a tagged template: JSX without a build step. */
export const html = bindable.bind(h)

/** Class names, leaving out what is false. */
export function css(...names: (string | false | 0 | null | undefined)[]): string {
  return names.filter(Boolean).join(' ')
}
