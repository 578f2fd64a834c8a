import { randomBytes } from 'node:crypto'
import { access, constants, link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { EmbeddedError } from './embedded-error.ts'
import { markOf } from './processes.ts'

export interface Holder {
  release(): Promise<void>
}

/**
 * Marks the folder, made when it is missing, as used by this process until `release`; a mark whose process is gone is
 * taken over. Throws an Error that names the pid when a living process holds the folder, or that we may not write there.
 */
export async function holdFolder(path: string): Promise<Holder> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 })
    await access(path, constants.W_OK)
  } catch (cause) {
    throw new EmbeddedError(
      `cannot write in ${path}: start as the user it belongs to, or name another folder in DATA_DIR`,
      {
        cause,
      },
    )
  }
  const file = join(resolve(path), 'held-by.json')
  const mine = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`
  for (;;) {
    const text = JSON.stringify({ pid: process.pid, mark: await markOf(process.pid) })
    await writeFile(mine, text, { mode: 0o600 })
    try {
      await link(mine, file) // appears with its content in one step, or not at all
      return { release: () => releaseOwn(file, text) }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    } finally {
      await rm(mine, { force: true })
    }
    const found = await readFile(file, 'utf8').catch(() => undefined)
    if (found === undefined) continue
    const pid = await livingHolder(found)
    if (pid !== undefined)
      throw new EmbeddedError(
        `The database in ${path} is in use by process ${pid}. Stop that one first, or give this one a folder of its own with DATA_DIR.`,
      )
    await takeAway(file, found)
  }
}

/** The pid of the living process that holds the folder at `path`; undefined when nobody does. */
export async function holderOf(path: string): Promise<number | undefined> {
  const found = await readFile(join(path, 'held-by.json'), 'utf8').catch(() => undefined)
  return found === undefined ? undefined : livingHolder(found)
}

async function livingHolder(text: string): Promise<number | undefined> {
  try {
    const { pid, mark } = JSON.parse(text) as { pid: number; mark: string }
    return mark !== undefined && (await markOf(pid)) === mark ? pid : undefined
  } catch {
    return undefined // half a file after a power cut
  }
}

/** Removes the stale mark `expected`; puts it back if another process was faster and this is the other's fresh one. */
async function takeAway(file: string, expected: string): Promise<void> {
  const aside = `${file}.stale.${process.pid}`
  try {
    await rename(file, aside)
    if ((await readFile(aside, 'utf8')) !== expected) await link(aside, file).catch(() => {})
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  } finally {
    await rm(aside, { force: true })
  }
}

async function releaseOwn(file: string, text: string): Promise<void> {
  if ((await readFile(file, 'utf8').catch(() => undefined)) === text) await rm(file, { force: true })
}
