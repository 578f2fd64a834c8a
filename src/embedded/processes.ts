import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'

/** True while a process with this pid runs, whoever owns it. One that has ended but was not yet collected does not run. */
export async function isRunning(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false
  }
  if (process.platform !== 'linux') return !(await ps(pid, 'stat')).startsWith('Z')
  const fields = await statFields(pid)
  return fields !== undefined && fields[0] !== 'Z'
}

/**
 * A text that tells this process from a later one with the same pid, since containers give out the same pids again:
 * boot and start time. Undefined when no such process runs.
 */
export async function markOf(pid: number): Promise<string | undefined> {
  if (!(await isRunning(pid))) return undefined
  if (process.platform !== 'linux') return (await ps(pid, 'lstart')) || undefined
  const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '')
  const fields = await statFields(pid)
  return fields && `${boot.trim()} ${fields[19]}`
}

/** What proc_pid_stat(5) tells from field 3, the state, on; field 2, the name, may contain spaces and brackets. */
async function statFields(pid: number): Promise<string[] | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined)
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')
}

/** The program a process runs, such as `postgres`; undefined when there is no such process. */
export async function programOf(pid: number): Promise<string | undefined> {
  if (!(await isRunning(pid))) return undefined
  if (process.platform !== 'linux') return (await ps(pid, 'comm')).split('/').pop() || undefined
  return (await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '')).trim() || undefined
}

async function ps(pid: number, column: string): Promise<string> {
  const { stdout } = await promisify(execFile)('ps', ['-o', `${column}=`, '-p', String(pid)]).catch(() => ({
    stdout: '',
  }))
  return stdout.trim()
}
