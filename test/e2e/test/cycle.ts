import { operations } from '@assay/sidecar'
import type { Workplace } from './workplace.ts'

/** sync → define → mine → publish, as a company does it the first time, with all that each step said. */
export async function firstRound(place: Workplace) {
  const synced = await place.does(operations.sync, { full: false })
  const defined = await place.does(operations.defineChurn, { accept: 'proposed', from: 'silence' })
  const mined = await place.does(operations.mine, { refit: false })
  const made = await place.does(operations.fieldsInstall, {})
  const bill = await place.does(operations.publish, { dryRun: true, proceed: false })
  const twenty = await place.does(operations.publish, { dryRun: false, proceed: false })
  const rest = await place.does(operations.publish, { dryRun: false, proceed: true })
  return { synced, defined, mined, made, bill, twenty, rest }
}
