import type { Words } from '../../templates.ts'
import { say } from './context.ts'

const lines = ['form', 'articles', 'mine', 'number', 'search', 'reply', 'solve', 'reopen', 'follow-up', 'rate'] as const

/** One line for each thing that can be typed after the command, as markup. */
export function subcommandLines(command: string, words: Words): string[] {
  return lines.map((line) => {
    const word =
      line === 'form' || line === 'number'
        ? ''
        : firstWord(words(`command.word.${line === 'articles' ? 'help' : line}`))
    return say(words, `command.help.${line}`, { command, word })
  })
}

/** The same of what only agents can type, below a line that says so. */
export function agentLines(command: string, words: Words): string[] {
  const lines = ['agent.button', 'agent.organization'].map((line) => say(words, `command.help.${line}`, { command }))
  return [words('command.help.agent'), ...lines]
}

/** What we call a subcommand: the first of its words. */
export function firstWord(list: string): string {
  return list.split(',')[0]!.trim()
}
