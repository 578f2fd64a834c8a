import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'

/** The product as a process of its own, as `npm start` starts it, so that it can be killed. */
export interface Child {
  /** Resolves when it said `ready`; rejects with what it printed when it ended before. */
  ready: Promise<void>
  kill(signal: NodeJS.Signals): Promise<{ code: number | null; signal: NodeJS.Signals | null }>
  output(): string
  pid: number
  hasExited(): boolean
}

export function startChild(env: Record<string, string>): Child {
  const child: ChildProcess = spawn(process.execPath, ['--max-semi-space-size=4', 'src/main.ts'], {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  const ready = new Promise<void>((resolve, reject) => {
    const read = (chunk: Buffer) => {
      output += chunk
      if (/^ready$/m.test(output)) resolve()
    }
    child.stdout!.on('data', read)
    child.stderr!.on('data', read)
    child.once('exit', () => reject(new Error(`the product ended before it was ready:\n${output}`)))
  })
  ready.catch(() => {})
  const ended = once(child, 'exit')
  return {
    ready,
    output: () => output,
    pid: child.pid ?? 0,
    hasExited: () => child.exitCode !== null || child.signalCode !== null,
    kill: async (signal) => {
      child.kill(signal)
      const [code, by] = await ended
      return { code, signal: by }
    },
  }
}
