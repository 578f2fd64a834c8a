import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, chromium, type Locator, type Page } from 'playwright-core'
import { freshDatabase } from '../support/database.ts'
import { freePort } from '../support/free-port.ts'
import { smallPng } from '../support/small-png.ts'

/** The product as `npm start` starts it, in its sandbox, and a browser that looks at it. */
export interface SandboxPage {
  page: Page
  /** What the page complained of: exceptions, and errors in its console. */
  complaints: string[]
  /** The element with this data-test; several: the last, which on this page is the newest. */
  the(name: string, within?: Page | Locator): Locator
  /** Becomes another person. */
  be(person: 'ADA' | 'BRUNO' | 'KOFI' | 'LUCIA'): Promise<void>
  /** Saves what is on screen for the README, in a window as high as it needs, when UPDATE_SCREENSHOTS is set. */
  picture(name: string, height?: number, what?: Page): Promise<void>
  /** Saves what is on screen beside other temporary files; answers where. */
  failure(name: string): Promise<string>
  stop(): Promise<void>
}

const WIDTH = 1360
const HEIGHT = 850
const quietFlags = [
  '--no-sandbox',
  '--headless',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
]

/** Starts the desk with an empty data folder and opens its page in Chromium; its words are those of `templates` or of a copy. */
export async function openSandbox({ templates = 'templates' } = {}): Promise<SandboxPage> {
  const database = await freshDatabase()
  const dataDir = await mkdtemp(join(tmpdir(), 'deskhand-browser-'))
  const port = await freePort()
  const desk = spawn(process.execPath, ['src/main.ts'], {
    env: {
      PATH: process.env.PATH,
      DATABASE_URL: database.url,
      DATA_DIR: dataDir,
      PORT: String(port),
      LOG_LEVEL: 'warn',
      UNDO_SECONDS: '0',
      TEMPLATES_DIR: templates,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const browser = await ready(desk).then(launch)
  const context = await browser.newContext({ viewport: { width: WIDTH, height: HEIGHT }, locale: 'en-GB' })
  const page = await context.newPage()
  page.setDefaultTimeout(20_000)
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
  await page.goto(`http://localhost:${port}/`)
  const the = (name: string, within: Page | Locator = page) => within.locator(`[data-test="${name}"]`).last()

  return {
    page,
    complaints,
    the,
    async be(person) {
      await the(`person-U0${person}`).click()
      await page.locator(`[data-test="person-U0${person}"][aria-pressed="true"]`).waitFor()
    },
    async picture(name, height = HEIGHT, what = page) {
      // Only when asked for: a test leaves the checkout as it was.
      if (!process.env.UPDATE_SCREENSHOTS) return
      await mkdir('docs/screenshots', { recursive: true })
      await what.setViewportSize({ width: WIDTH, height })
      await what.mouse.move(0, 0)
      await writeFile(`docs/screenshots/${name}.png`, smallPng(await what.screenshot({ animations: 'disabled' })))
      await what.setViewportSize({ width: WIDTH, height: HEIGHT })
    },
    async failure(name) {
      const path = join(tmpdir(), `deskhand-${name.replace(/\W+/g, '-')}.png`)
      await page.screenshot({ path })
      return path
    },
    async stop() {
      await browser.close()
      desk.kill('SIGTERM')
      if (desk.exitCode === null) await once(desk, 'exit')
      await database.drop()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

function launch(): Promise<Browser> {
  return chromium.launch({ executablePath: process.env.CHROMIUM, args: quietFlags })
}

/** Resolves when the desk has printed `ready`; rejects when it ends before. */
async function ready(desk: ChildProcess): Promise<void> {
  let said = ''
  await new Promise<void>((resolve, reject) => {
    desk.stdout?.on('data', (chunk: Buffer) => {
      said += chunk
      if (/^ready$/m.test(said)) resolve()
    })
    desk.on('exit', (code) => reject(new Error(`the desk ended with ${code} before it was ready:\n${said}`)))
  })
}
