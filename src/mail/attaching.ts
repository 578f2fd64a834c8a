import type { FileStore } from '../store/files.ts'
import type { CommentFile } from '../ticket/in-full.ts'
import type { OutgoingFile } from './outgoing.ts'

/** All files of a mail as base64, in bytes: what nearly every mail server takes, with room for the words. */
const MOST_ENCODED = 18_000_000

/**
 * The files of a comment that go into a mail themselves, by their id; the others are behind a link in it: those that are not
 * here, that would make it too large, and kinds that mail servers refuse the whole mail for, archives among them.
 */
export async function filesToAttach(files: CommentFile[], store: FileStore): Promise<Map<number, OutgoingFile>> {
  const attached = new Map<number, OutgoingFile>()
  let room = MOST_ENCODED
  for (const file of files) {
    const encoded = Math.ceil(file.size / 57) * 78
    if (!file.sha256 || file.refused || encoded > room || isRefusedByServers(file.name)) continue
    const found = await store.read(file.sha256)
    if (!found) continue
    const parts: Buffer[] = []
    for await (const part of found.stream) parts.push(part as Buffer)
    attached.set(file.id, { filename: file.name, contentType: file.contentType, content: Buffer.concat(parts) })
    room -= encoded
  }
  return attached
}

/** Whether some of the files are still on their way to us: a mail that tells of them waits. */
export function areOnTheirWay(files: CommentFile[]): boolean {
  return files.some(({ sha256, refused, slackFile }) => slackFile !== null && !sha256 && !refused)
}

// What Gmail and Exchange block by name, and what they look for it in (support.google.com/mail/answer/6590).
const refusedKinds = new Set(
  [
    'ade adp apk appx appxbundle bat cab chm cmd com cpl diagcab diagcfg diagpkg dll dmg ex ex_ exe hta img ins iso isp jar',
    'jnlp js jse lib lnk mde mjs msc msi msix msixbundle msp mst nsh pif ps1 reg scr sct shb sys vb vbe vbs vhd vhdx vxd wsc',
    'wsf wsh xll zip rar 7z gz tgz bz2 xz tar docm xlsm pptm dotm xlam html htm svg',
  ].flatMap((line) => line.split(' ')),
)

function isRefusedByServers(name: string): boolean {
  const ending = /\.([^.\s]+)[.\s]*$/.exec(name)?.[1]?.toLowerCase()
  return ending !== undefined && refusedKinds.has(ending)
}
