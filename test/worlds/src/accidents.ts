import type { LiveRecord, Tombstone } from '@assay/shared'
import { DAY } from './calendar.ts'
import { recordId, slotOf } from './ids.ts'
import { CONCERN, stream } from './random.ts'
import type { Settings } from './settings.ts'

/** Records entered by mistake and deleted again: all that is left is that they are gone. */
export function deletionsOf(
  settings: Settings,
  createdAt: number,
  records: {
    deal: readonly LiveRecord<'deal'>[]
    contact: readonly LiveRecord<'contact'>[]
    activity: readonly LiveRecord<'activity'>[]
  },
  index: number,
): Tombstone<'deal' | 'contact' | 'activity'>[] {
  const random = stream(settings.seed, index, CONCERN.accidents)
  const deleted: Tombstone<'deal' | 'contact' | 'activity'>[] = []
  for (const [kind, probability] of [
    ['contact', 0.01],
    ['deal', 0.025],
    ['activity', 0.02],
  ] as const) {
    if (!random.chance(probability)) continue
    const last = records[kind].at(-1)
    const at = Math.floor(random.between(Math.min(createdAt + DAY, settings.today - 2), settings.today - 1))
    const id = recordId(kind, index, last === undefined ? 0 : slotOf(kind, last.id) + 1)
    deleted.push({ kind, id, version: at, knownAt: at, deleted: true, mergedInto: null })
  }
  return deleted
}
