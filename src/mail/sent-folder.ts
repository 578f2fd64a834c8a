/** findSent: whether a mail of ours is in the Sent folder, to learn after a crash whether it left. */
import { createImap, type ImapServer } from './imap-connection.ts'

/**
 * Looks for a Message-ID in the folder the server marks as \Sent (RFC 6154), or names like one.
 * True is proof that it was sent; false is not proof that it was not, on a server that keeps no copies. Rejects when the
 * server cannot be asked.
 */
export async function findSent(server: ImapServer, messageId: string): Promise<boolean | 'no-sent-folder'> {
  const client = await createImap(server, () => {})
  try {
    await client.connect()
    const sent = (await client.list()).find(({ specialUse }) => specialUse === '\\Sent')
    if (!sent) return 'no-sent-folder'
    await client.mailboxOpen(sent.path, { readOnly: true })
    const found = await client.search(
      { header: { 'Message-ID': `<${messageId.replace(/^<|>$/g, '')}>` } },
      { uid: true },
    )
    if (!found) throw new Error(`The IMAP server refused to search ${sent.path}: look there for ${messageId}`)
    return found.length > 0
  } finally {
    client.close()
  }
}
