import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { readConfig } from '../src/config.ts'

const text = readFileSync('manifest.yml', 'utf8')
const name = (most: number) => z.string().min(1).max(most)

// docs.slack.dev/reference/app-manifest; lengths as in slackapi/manifest-schema.
const manifestOfSlack = z.strictObject({
  _metadata: z.strictObject({ major_version: z.union([z.literal(1), z.literal(2)]) }),
  display_information: z.strictObject({
    name: name(35),
    description: name(140),
    long_description: z.string().min(175).max(4000).optional(),
    background_color: z.string().regex(/^#([0-9a-f]{3}|[0-9a-f]{6})$/),
  }),
  features: z.strictObject({
    bot_user: z.strictObject({ display_name: name(80), always_online: z.boolean() }),
    app_home: z.strictObject({
      home_tab_enabled: z.literal(true),
      messages_tab_enabled: z.literal(true),
      messages_tab_read_only_enabled: z.literal(false),
    }),
    slash_commands: z
      .array(
        z.strictObject({
          command: z.string().max(32).startsWith('/'),
          description: name(2000),
          usage_hint: z.string().max(1000).optional(),
          should_escape: z.boolean(),
        }),
      )
      .max(50),
    shortcuts: z
      .array(
        z.strictObject({
          name: name(24),
          type: z.enum(['message', 'global']),
          callback_id: name(255),
          description: name(150),
        }),
      )
      .max(10),
    unfurl_domains: z.array(z.string().max(255).toLowerCase()).max(5),
  }),
  oauth_config: z.strictObject({ scopes: z.strictObject({ bot: z.array(z.string()).max(255) }) }),
  settings: z.strictObject({
    event_subscriptions: z.strictObject({ bot_events: z.array(z.string()).max(100) }),
    interactivity: z.strictObject({ is_enabled: z.literal(true) }),
    socket_mode_enabled: z.literal(true),
    org_deploy_enabled: z.boolean(),
    token_rotation_enabled: z.literal(false),
  }),
})

const manifest = manifestOfSlack.parse(parse(text))
const scopes = manifest.oauth_config.scopes.bot
const events = manifest.settings.event_subscriptions.bot_events

test('every scope and every event stands once, with its reason beside it', () => {
  expect(new Set([...scopes, ...events]).size).toBe(scopes.length + events.length)
  for (const word of [...scopes, ...events]) expect(text).toMatch(new RegExp(`^ +- ${word} # .{5,}$`, 'm'))
})

test('each event is covered by one of the scopes it needs', () => {
  const needs: Record<string, string[]> = {
    app_home_opened: scopes, // any bot scope
    'message.im': ['im:history'],
    'message.channels': ['channels:history'],
    'message.groups': ['groups:history'],
    link_shared: ['links:read'],
    member_joined_channel: ['channels:read', 'groups:read'],
    member_left_channel: ['channels:read', 'groups:read'],
  }
  for (const event of events) expect(needs[event]?.every((scope) => scopes.includes(scope))).toBe(true)
})

test('the events of the manifest are those somebody listens to', () => {
  const listening = readdirSync('src/slack', { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) => [...readFileSync(`src/slack/${file}`, 'utf8').matchAll(/\.event\(\s*'([\w.]+)'/g)])
    .map((found) => found[1])
  expect(new Set(events.map((event) => event.replace(/^message\..*/, 'message')))).toEqual(new Set(listening))
})

test('its command is the one the product listens to when nothing is set', () => {
  expect(manifest.features.slash_commands.map(({ command }) => command)).toEqual([readConfig({}).slackCommand])
})
