import { viewObject } from '../objects.ts'
import { invalidArguments, Refused } from '../refused.ts'
import { type Json, type Method, T4 } from './method.ts'

const common = { required: ['view'], json: ['view'], perMinute: T4 } satisfies Partial<Method>
const text = (value: unknown) => (value === undefined ? undefined : String(value))
const trigger = (args: Json) => args.trigger_id ?? args.interactivity_pointer

/** views.* (M/views.open, views.push, views.update, views.publish). Opening needs a trigger of somebody's doing. */
export const views: Record<string, Method> = {
  'views.open': {
    ...common,
    run(args, context) {
      if (trigger(args) === undefined) throw invalidArguments('missing required field: trigger_id')
      return { view: viewObject(context.workspace, context.views.open(args.view as Json, trigger(args))) }
    },
  },
  'views.push': {
    ...common,
    run(args, context) {
      if (trigger(args) === undefined) throw invalidArguments('missing required field: trigger_id')
      return { view: viewObject(context.workspace, context.views.push(args.view as Json, trigger(args))) }
    },
  },
  'views.update': {
    ...common,
    run(args, context) {
      const [viewId, externalId, hash] = [text(args.view_id), text(args.external_id), text(args.hash)]
      if (viewId === undefined && externalId === undefined)
        throw invalidArguments('missing required field: view_id or external_id')
      const which = { ...(viewId ? { viewId } : {}), ...(externalId ? { externalId } : {}), ...(hash ? { hash } : {}) }
      return { view: viewObject(context.workspace, context.views.update(args.view as Json, which)) }
    },
  },
  'views.publish': {
    ...common,
    required: ['user_id', 'view'],
    run(args, context) {
      if (context.workspace.app.homeTab === false) throw new Refused('not_enabled')
      const person = context.workspace.person(String(args.user_id))
      if (!person || person.deleted) throw new Refused('user_not_found')
      const view = context.views.publish(args.view as Json, person.id, text(args.hash))
      return { view: viewObject(context.workspace, view) }
    },
  },
}
