import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { METHODS } from '../../src/sandbox/slack/methods/index.ts'

const manifest = parse(readFileSync('manifest.yml', 'utf8'))
const scopes: string[] = manifest.oauth_config.scopes.bot
const events: string[] = manifest.settings.event_subscriptions.bot_events

/** Every method of Slack's that the product calls. */
const called = new Set(
  readdirSync('src/slack', { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) => [
      ...readFileSync(`src/slack/${file}`, 'utf8').matchAll(
        /client\s*\.(chat|views|users|files|conversations|auth|team)\.(\w+)\(/g,
      ),
    ])
    .map((found) => `${found[1]}.${found[2]}`),
)
// The kinds of channel where the product calls what needs another scope for each.
const kinds: Record<string, string[]> = {
  'conversations.history': ['im:history', 'channels:history', 'groups:history'],
  'conversations.replies': ['im:history', 'channels:history', 'groups:history'],
  'conversations.members': ['channels:read', 'groups:read'],
  'conversations.info': ['channels:read', 'groups:read'],
  'conversations.open': ['im:write'],
}
const ofEvents: Record<string, string[]> = {
  'message.im': ['im:history'],
  'message.channels': ['channels:history'],
  'message.groups': ['groups:history'],
  link_shared: ['links:read'],
  member_joined_channel: ['channels:read', 'groups:read'],
  member_left_channel: ['channels:read', 'groups:read'],
}

test('the manifest asks for exactly the scopes that the calls, events, commands and files need', () => {
  const needed = new Set<string>()
  for (const method of called) {
    const { scopes: own } = METHODS[method]!
    for (const scope of kinds[method] ?? (typeof own === 'function' ? [`${method}: unknown`] : (own ?? []).slice(0, 1)))
      needed.add(scope)
  }
  for (const event of events) for (const scope of ofEvents[event] ?? []) needed.add(scope)
  if (manifest.features.slash_commands.length + manifest.features.shortcuts.length > 0) needed.add('commands')
  needed.add('files:read') // url_private is downloaded with the bot's token, and file_input asks for it
  needed.add('users:read.email') // profile.email of users.info
  expect([...needed].sort()).toEqual([...scopes].sort())
})

test('what is called is what the stand-in knows', () => {
  expect([...called].filter((method) => !(method in METHODS))).toEqual([])
  expect(called.size).toBeGreaterThan(8)
})
