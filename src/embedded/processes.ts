import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'

/** True while a process with this pid exists, whoever owns it. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/**
 * A text that tells this process from a later one with the same pid, since containers give out the same pids again:
 * boot and start time. Undefined when no such process runs.
 */
export async function markOf(pid: number): Promise<string | undefined> {
  if (!isRunning(pid)) return undefined
  if (process.platform !== 'linux') return (await ps(pid, 'lstart')) || undefined
  try {
    const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '')
    // proc_pid_stat(5): field 22 is the start time; the name in field 2 may itself contain spaces and brackets.
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return `${boot.trim()} ${fields[19]}`
  } catch {
    return undefined
  }
}

/** The program a process runs, such as `postgres`; undefined when there is no such process. */
export async function programOf(pid: number): Promise<string | undefined> {
  if (!isRunning(pid)) return undefined
  if (process.platform !== 'linux') return (await ps(pid, 'comm')).split('/').pop() || undefined
  return (await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '')).trim() || undefined
}

async function ps(pid: number, column: string): Promise<string> {
  const { stdout } = await promisify(execFile)('ps', ['-o', `${column}=`, '-p', String(pid)]).catch(() => ({
    stdout: '',
  }))
  return stdout.trim()
}
