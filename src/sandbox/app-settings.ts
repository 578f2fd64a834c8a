import { randomBytes } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'
import { z } from 'zod'
import type { AppSettings } from './slack/stand-in.ts'

/**
 * The app as it is installed in the sandbox's workspace: its commands, scopes and events are those of `manifest.yml`, so a
 * scope missing there is missing here; its tokens are random, one set per data folder.
 */
export async function appSettings(folder: string, command?: string): Promise<AppSettings> {
  const manifest = shape.parse(parse(await readFile(manifestFile, 'utf8')))
  const { features, settings } = manifest
  return {
    ...(await tokens(join(folder, 'app.json'))),
    appId: 'A0DESKHAND',
    name: features.bot_user.display_name,
    botUserId: 'U0DESKHAND',
    botId: 'B0DESKHAND',
    teamId: 'T0SANDBOX',
    commands: features.slash_commands.map((one, index) => ({
      command: index === 0 && command ? command : one.command,
      description: one.description,
    })),
    shortcuts: features.shortcuts.map((one) => ({ type: one.type, name: one.name, callbackId: one.callback_id })),
    events: settings.event_subscriptions.bot_events,
    scopes: manifest.oauth_config.scopes.bot,
    unfurlDomains: features.unfurl_domains,
  }
}

const manifestFile = fileURLToPath(new URL('../../manifest.yml', import.meta.url))

/** The parts of an app manifest that the sandbox needs (docs.slack.dev/reference/app-manifest). */
const shape = z.object({
  features: z.object({
    bot_user: z.object({ display_name: z.string() }),
    slash_commands: z.array(z.object({ command: z.string(), description: z.string() })).default([]),
    shortcuts: z
      .array(z.object({ type: z.enum(['global', 'message']), name: z.string(), callback_id: z.string() }))
      .default([]),
    unfurl_domains: z.array(z.string()).default([]),
  }),
  oauth_config: z.object({ scopes: z.object({ bot: z.array(z.string()) }) }),
  settings: z.object({ event_subscriptions: z.object({ bot_events: z.array(z.string()) }) }),
})

const kept = z.object({ botToken: z.string(), appToken: z.string(), signingSecret: z.string() })

async function tokens(file: string): Promise<z.infer<typeof kept>> {
  try {
    return kept.parse(JSON.parse(await readFile(file, 'utf8')))
  } catch {
    // First start, or a damaged file: the sandbox is the only one that knows these, so new ones are as good.
    const fresh = {
      botToken: `xoxb-sandbox-${randomBytes(18).toString('hex')}`,
      appToken: `xapp-1-A0DESKHAND-${randomBytes(18).toString('hex')}`,
      signingSecret: randomBytes(16).toString('hex'),
    }
    await mkdir(join(file, '..'), { recursive: true })
    await writeFile(file, JSON.stringify(fresh), { mode: 0o600 })
    return fresh
  }
}
