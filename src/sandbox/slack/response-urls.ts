import type { Posts } from './posts.ts'
import { Refused } from './refused.ts'
import type { Workspace } from './store.ts'
import type { Block } from './types.ts'
import { checkMessage } from './validate/messages.ts'

type Json = Record<string, unknown>

const USES_LIMIT = 5 // /interactivity/handling-user-interaction: five times within 30 minutes
const LIVES_MS = 30 * 60 * 1000

interface Place {
  userId: string
  channelId: string
  /** The message that was clicked, when there was one. */
  ts?: string
  ephemeral?: boolean
  threadTs?: string
  issuedAt: number
  uses: number
}

/** The URLs by which the app answers a command or a click without a token. */
export class ResponseUrls {
  private readonly workspace: Workspace
  private readonly posts: Posts
  private readonly places = new Map<string, Place>()

  constructor(workspace: Workspace, posts: Posts) {
    this.workspace = workspace
    this.posts = posts
  }

  issue(place: Omit<Place, 'issuedAt' | 'uses'>, kind: 'commands' | 'actions' | 'app' = 'actions'): string {
    const secret = `${kind}/${this.workspace.app.teamId}/${this.workspace.secret(12)}`
    this.places.set(secret, { ...place, issuedAt: this.workspace.clock.now().getTime(), uses: 0 })
    return `${this.workspace.baseUrl}/${secret}`
  }

  /** What happens when the app posts `body` to one. Throws used_url, expired_url, or what a message is refused for. */
  use(path: string, body: Json): void {
    const place = this.places.get(path)
    if (!place) throw new Refused('invalid_url', {}, { status: 404 })
    if (place.uses >= USES_LIMIT) throw new Refused('used_url', {}, { status: 404 })
    if (this.workspace.clock.now().getTime() - place.issuedAt > LIVES_MS)
      throw new Refused('expired_url', {}, { status: 404 })
    const deletes = body.delete_original === true
    if (!deletes) checkMessage(body, { status: 400 })
    place.uses += 1
    this.answer(place, body)
  }

  /** What an acknowledgement of a command says by itself. */
  answer(place: Omit<Place, 'issuedAt' | 'uses'>, body: Json): void {
    if (place.ts && (body.delete_original === true || body.replace_original === true)) {
      const ephemeral = this.workspace.ephemerals.get(place.userId)?.find((other) => other.ts === place.ts)
      if (ephemeral) this.changeEphemeral(place, body)
      else this.posts.changeByResponse(place.channelId, place.ts, body)
      return
    }
    if (body.delete_original === true) return
    const threadTs =
      (body.thread_ts as string | undefined) ?? (body.replace_original === false ? place.threadTs : undefined)
    const content = { text: String(body.text ?? ''), blocks: body.blocks as Block[] | undefined, threadTs }
    // An ephemeral cannot become in_channel by replacing it, but a new message can be.
    if (body.response_type === 'in_channel') this.posts.byApp(place.channelId, content)
    else this.posts.ephemeral(place.channelId, place.userId, content)
  }

  private changeEphemeral(place: Pick<Place, 'userId' | 'channelId' | 'ts'>, body: Json): void {
    const list = this.workspace.ephemerals.get(place.userId) ?? []
    if (body.delete_original === true) {
      this.workspace.ephemerals.set(
        place.userId,
        list.filter((other) => other.ts !== place.ts),
      )
    } else {
      const held = list.find((other) => other.ts === place.ts)
      if (held) this.posts.fill(held, String(body.text ?? ''), (body.blocks ?? []) as Block[])
    }
    this.workspace.changed()
  }
}
