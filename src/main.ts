import { createServer } from 'node:http'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { pino } from 'pino'
import { MovableClock, systemClock } from './clock.ts'
import { type Config, ConfigError, environment, keptSecret, readConfig } from './config.ts'
import { noticeOf } from './config-notice.ts'
import { DeskFileError } from './desk-file.ts'
import { EmbeddedError } from './embedded/embedded-error.ts'
import { startPostgres } from './embedded/postgres.ts'
import { FormError } from './form-file.ts'
import { type Product, type ProductSettings, startProduct } from './product.ts'
import { addSampleData } from './sandbox/sample-data.ts'
import { type Sandbox, startSandbox } from './sandbox/sandbox.ts'
import { SettingError } from './setting-error.ts'

const PATIENCE_MS = 4_000
const EXIT_WITHIN_MS = 9_500 // a supervisor is promised ten seconds

// The last started is the first; every part that runs has its entry.
const closers: (() => Promise<unknown>)[] = []
let isStopping = false

await main().catch(async (error) => {
  // Asked to stop while starting: what breaks by that is no news.
  if (isStopping) return
  // What somebody can put right is said in words; a stack would only hide it.
  const isSaid = [ConfigError, EmbeddedError, DeskFileError, FormError, SettingError].some(
    (kind) => error instanceof kind,
  )
  console.error(isSaid ? error.message : error)
  for (const close of closers) await close().catch(() => {})
  process.exit(1)
})

async function main(): Promise<void> {
  const config = readConfig(environment())
  const log = pino({
    level: config.logLevel,
    redact: { paths: ['*.token', '*.password', '*.raw', '*.text'], remove: true },
  })
  const stop = oncePerProcess(log)
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)

  const databaseUrl = config.database === 'embedded' ? await startOwnPostgres(config) : config.database.url
  const usesSandbox = config.slack === 'sandbox' || config.mail === 'sandbox'
  const clock = usesSandbox ? new MovableClock() : systemClock
  const baseUrl = `http://${config.host === '0.0.0.0' ? '127.0.0.1' : config.host}:${config.port}`
  const sandbox =
    clock instanceof MovableClock
      ? await startSandbox({
          clock,
          dataDir: config.dataDir,
          baseUrl,
          publicUrl: config.publicUrl,
          parts: { slack: config.slack === 'sandbox', mail: config.mail === 'sandbox' },
          command: config.slackCommand,
          ...(config.slackMode === 'http' ? { signedHttp: { requestUrl: `${baseUrl}/slack/events` } } : {}),
          log,
        })
      : null
  if (sandbox) closers.unshift(() => sandbox.close())

  // The sandbox's Slack lives on this very port, so the server listens before the product connects to it.
  let product: Product | null = null
  const server = createServer(async (req, res) => {
    if (sandbox && (await sandbox.handle(req, res))) return
    if (product) product.handle(req, res)
    else res.writeHead(503, { 'retry-after': '1', 'content-type': 'text/plain' }).end('Starting. Please try again.\n')
  })
  server.on('upgrade', (req, socket, head) => {
    if (!sandbox?.upgrade(req, socket, head)) socket.destroy()
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'EADDRINUSE'
          ? new ConfigError([`PORT ${config.port} is in use: set another, PORT=3001`])
          : error,
      ),
    )
    server.listen(config.port, config.host, resolve)
  })
  closers.unshift(async () => {
    server.close()
    server.closeAllConnections()
  })

  product = await startProduct(productSettings(config, databaseUrl, clock, sandbox, log))
  const running = product
  closers.unshift(() => running.stop())
  if (sandbox && clock instanceof MovableClock) {
    clock.onPush(() => running.catchUp())
    await addSampleData({ ...product.forSamples, clock, company: sandbox.company })
  }
  await untilReady(running)
  if (isStopping) return
  const notice = noticeOf(config)
  if (notice) console.log(`\nNote: ${notice}`)
  console.log(`\nDeskhand is at ${config.publicUrl}${sandbox ? '  (a sandbox: try it in your browser)' : ''}\nready`)
}

function productSettings(
  config: Config,
  databaseUrl: string,
  clock: ProductSettings['clock'],
  sandbox: Sandbox | null,
  log: ProductSettings['log'],
): ProductSettings {
  const slack = config.slack === 'sandbox' ? sandbox!.slack! : config.slack
  const mail =
    config.mail === 'sandbox'
      ? { supportName: 'Support', oauth: undefined, mailboxes: undefined, ...sandbox!.mail! }
      : config.mail
  return {
    databaseUrl,
    dataDir: config.dataDir,
    templatesDir: config.templatesDir,
    publicUrl: config.publicUrl,
    companyName: config.companyName,
    secret: keptSecret(config),
    maxFileBytes: config.maxFileBytes,
    undoSeconds: config.undoSeconds,
    slack: {
      mode: config.slackMode,
      botToken: slack.botToken,
      appToken: slack.appToken,
      signingSecret: slack.signingSecret,
      apiUrl: slack.apiUrl,
      triageChannel: slack.triageChannel,
      command: config.slackCommand,
      paceMs: config.slackPostIntervalMs,
    },
    mail: {
      imapUrl: mail.imapUrl,
      smtpUrl: mail.smtpUrl,
      supportAddress: mail.supportAddress,
      supportName: mail.supportName,
      authservId: mail.authservId,
      oauth: mail.oauth,
      mailboxes: mail.mailboxes,
    },
    clock,
    log,
  }
}

async function startOwnPostgres(config: Config): Promise<string> {
  const postgres = await startPostgres({
    dataDir: join(config.dataDir, 'postgres'),
    log: { info: (message) => console.log(message) },
  })
  closers.unshift(() => postgres.stop())
  return postgres.url
}

async function untilReady(product: Product): Promise<void> {
  const startedAt = performance.now()
  for (let said = ''; !isStopping; ) {
    const missing = Object.entries(await product.ready()).filter(([, state]) => state !== true)
    if (missing.length === 0) return
    const now = missing.map(([, problem]) => problem).join('; ')
    // Everything takes a moment to connect; only what takes longer is worth a word.
    if (now !== said && performance.now() - startedAt > PATIENCE_MS) {
      console.log(`waiting: ${now}`)
      said = now
    }
    await pause(200)
  }
}

/** Stops everything, the last started first, and exits: with 0 when all ended in time. */
function oncePerProcess(log: ProductSettings['log']): () => void {
  return () => {
    if (isStopping) return
    isStopping = true
    setTimeout(() => process.exit(1), EXIT_WITHIN_MS).unref()
    const closeAll = async () => {
      for (const close of closers) await close().catch((error) => log.error({ err: error }, 'stopping'))
    }
    closeAll().then(() => process.exit(0))
  }
}
