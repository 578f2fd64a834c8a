import type { z } from 'zod'

/** One thing Slack would object to: where (a JSON pointer) and in which words. */
export interface Problem {
  pointer: string
  message: string
  constraint: string
}

/** As it stands in `response_metadata.messages`, e.g. "[ERROR] must be less than 76 characters [json-pointer:/view/title/text]". */
export function inSlacksWords(problem: Problem): string {
  return `[ERROR] ${problem.message} [json-pointer:${problem.pointer}]`
}

/** What `schema` objects to in `value`, found at `pointer`; empty when it is as Slack wants it. */
export function problemsIn(schema: z.ZodType, value: unknown, pointer: string): Problem[] {
  const parsed = schema.safeParse(value, { reportInput: true })
  return parsed.success ? [] : parsed.error.issues.flatMap((issue) => problemsOf(issue, pointer))
}

type Issue = z.core.$ZodIssue

function problemsOf(issue: Issue, base: string): Problem[] {
  const path = issue.path.map(String)
  const at = (parts: string[]) =>
    [base, ...parts.map((part) => part.replaceAll('~', '~0').replaceAll('/', '~1'))].join('/')
  const problem = (message: string, constraint: string, parts = path): Problem => ({
    pointer: at(parts),
    message,
    constraint,
  })
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => problem(`invalid additional property: ${key}`, 'additionalProperties'))
  }
  if (issue.input === undefined && issue.code !== 'custom' && path.length > 0) {
    return [problem(`missing required field: ${path.at(-1)}`, 'required', path.slice(0, -1))]
  }
  switch (issue.code) {
    case 'too_big':
      if (issue.origin === 'string')
        return [problem(`must be less than ${Number(issue.maximum) + 1} characters`, 'maxLength')]
      if (issue.origin === 'array') return [problem(`no more than ${issue.maximum} items allowed`, 'maxItems')]
      return [problem(`must be less than ${Number(issue.maximum) + 1}`, 'maximum')]
    case 'too_small':
      if (issue.origin === 'string')
        return [problem(`must be more than ${Number(issue.minimum) - 1} characters`, 'minLength')]
      if (issue.origin === 'array') return [problem(`must provide at least ${issue.minimum} items`, 'minItems')]
      return [problem(`must be more than ${Number(issue.minimum) - 1}`, 'minimum')]
    case 'invalid_union': {
      const type = (issue.input as { type?: unknown } | null)?.type
      if ('discriminator' in issue && issue.discriminator) {
        if (type === undefined)
          return [
            problem('missing required field: type', 'required', path.at(-1) === 'type' ? path.slice(0, -1) : path),
          ]
        const pointed = path.at(-1) === 'type' ? path : [...path, 'type']
        return [problem(`unsupported type: ${String(type)}`, 'enum', pointed)]
      }
      return [problem('failed to match all allowed schemas', 'anyOf')]
    }
    case 'invalid_value':
      if (path.at(-1) === 'type') return [problem(`unsupported type: ${String(issue.input)}`, 'enum')]
      return [problem('must be a valid enum value', 'enum')]
    case 'invalid_type':
      return [problem(`must provide ${article(issue.expected)} ${issue.expected}`, 'type')]
    case 'custom':
      return [problem(issue.message, 'custom')]
    default:
      return [problem('failed to match schema', issue.code)]
  }
}

function article(noun: string): string {
  return /^[aeiou]/.test(noun) ? 'an' : 'a'
}
