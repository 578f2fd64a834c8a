/** The part of hoodiecrow-imap 2.1.0 the sandbox uses; the package brings no types. */
declare module 'hoodiecrow-imap' {
  import type { Server, Socket } from 'node:net'

  export interface ImapMessage {
    uid: number
    flags: string[]
    internaldate: string
    /** One character per byte. */
    raw: string
  }
  export interface ImapFolder {
    messages: ImapMessage[]
    uidvalidity: number
    uidnext: number
  }
  export interface ImapNode {
    type?: string
    value: string
    section?: unknown[]
    partial?: number[]
  }
  export interface ImapCommand {
    tag: string
    command?: string
    attributes?: unknown[]
  }
  export interface ImapConnection {
    socket: Socket | null
    state: string
    directNotifications: boolean
    inputHandler: ((line: string) => void) | false
    send(response: ImapCommand, description: string, parsed?: ImapCommand, data?: string): void
    processNotifications(): void
  }
  export type CommandHandler = (connection: ImapConnection, parsed: ImapCommand, data: string, done: () => void) => void
  export interface ImapServer {
    server: Server
    fetchHandlers: Record<string, (connection: ImapConnection, message: ImapMessage, query: ImapNode) => unknown>
    searchHandlers: Record<
      string,
      (connection: ImapConnection, message: ImapMessage, index: number, key: string, value: string) => boolean
    >
    outputHandlers: ((
      connection: ImapConnection,
      response: ImapCommand,
      description: string,
      parsed: ImapCommand,
      data: string,
      extra: unknown,
    ) => void)[]
    getMailbox(path: string): ImapFolder | undefined
    getCommandHandler(command: string): CommandHandler | false
    setCommandHandler(command: string, handler: CommandHandler): void
    registerCapability(keyword: string): void
    formatInternalDate(date: Date): string
    notify(command: ImapCommand, mailbox: ImapFolder): void
    appendMessage(
      mailbox: ImapFolder,
      flags: string[],
      date: string | undefined,
      raw: string,
    ): { mailbox: ImapFolder; message: ImapMessage }
    listen(port: number, host: string, done: () => void): void
  }
  export default function hoodiecrow(options: {
    plugins?: (string | ((server: ImapServer) => void))[]
    users?: Record<string, { password: string }>
    storage?: unknown
  }): ImapServer
}
