import { editSurvey } from './edit-survey.ts'
import { editThanks } from './edit-thanks.ts'
import type { Effect, Occasion, Policy } from './effect.ts'
import { shareFiles } from './share-files.ts'
import { showStaff } from './show-staff.ts'
import { tellPeople } from './tell-people.ts'

/** Every policy, in the order their effects are done. */
const policies: Policy[] = [showStaff, tellPeople, shareFiles, editSurvey, editThanks]

/** What is to be done about one thing that happened, in order. */
export function effectsOf(occasion: Occasion): Effect[] {
  return policies.flatMap((policy) => policy(occasion))
}
