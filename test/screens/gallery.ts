/**
 * Pictures of every screen a client sees, in the three languages side by side: `npm run screens`. It is the walk of
 * every-screen.test.ts, drawn by the sandbox's own page in Chromium. `--out FOLDER`; `--width 375`: on a phone;
 * `--only REGEX`: the steps whose names it fits. `--readme`: the README's pictures instead, in docs/screenshots.
 */
import { spawnSync } from 'node:child_process'
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { startPostgres } from '../../src/embedded/postgres.ts'
import { migrate } from '../../src/store/migrate.ts'
import { UNSAFE_AND_FAST } from '../support/global-setup.ts'
import { people, startWalk, walkAs } from './cast.ts'
import { draw, openChromium } from './draw.ts'
import { Recorder } from './record.ts'
import { lay } from './sheets.ts'
import { visitor } from './shown.ts'
import { steps } from './walk.ts'

const { values } = parseArgs({
  options: {
    out: { type: 'string', default: 'screens' },
    width: { type: 'string', default: '800' },
    only: { type: 'string', default: '' },
    readme: { type: 'boolean', default: false },
  },
})
if (values.readme) {
  // They are taken on the way through the browser's own story.
  const story = ['vitest', 'run', '--mode', 'browser', 'test/browser/story.test.ts']
  const { status } = spawnSync('npx', story, { stdio: 'inherit', env: { ...process.env, UPDATE_SCREENSHOTS: 'yes' } })
  process.exit(status ?? 1)
}
const folder = resolve(values.out)
const width = Number(values.width)
const before = await readdir(folder).catch((): string[] => [])
if (before.length > 0 && !before.includes('sheet-000.png'))
  throw new Error(`${folder} holds something else: name a new folder`)
const say = (line: string) => console.log(line)

const home = await mkdtemp(join(tmpdir(), 'deskhand-screens-'))
const postgres = await startPostgres({ dataDir: join(home, 'postgres'), log: { info() {} }, settings: UNSAFE_AND_FAST })
await migrate(postgres.url)
try {
  await make()
} finally {
  await postgres.stop()
  await rm(home, { recursive: true, force: true })
}
process.exit()

async function make(): Promise<void> {
  const world = await startWalk({ database: { url: postgres.url, drop: async () => {} } })
  const recorder = new Recorder(world)
  for (const reader of people)
    for (const [name, walk] of steps.filter(([each]) => new RegExp(values.only).test(each))) {
      say(`${reader.locale}: ${name}`)
      recorder.begin(reader, name)
      const visit = visitor(reader.locale, (path, page) => recorder.addPage(path, page))
      await walkAs(world, reader, visit, walk)
      recorder.end()
    }
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  say(`${recorder.all.length} screens; drawing`)
  const browser = await openChromium()
  const pictures = await draw(browser, world, recorder.all, folder, width)
  const sheets = await lay(browser, pictures, folder, Math.min(width, 480))
  say(`${pictures.length} pictures and ${sheets} sheets: ${folder}/index.html`)
  await browser.close()
  await world.stop()
}
