import type { Changes, Moves, Report } from '@assay/shared'
import { acceptedByFalseDiscovery } from '../../numeric/false-discovery.ts'
import { isoDay } from '../../numeric/iso-day.ts'
import type { Examined } from './examine.ts'
import { framesOfDay, type Scene } from './frames.ts'
import { DAY } from './days.ts'
import type { KnownModel } from './known.ts'
import type { Workshop } from './workshop.ts'

/** A month: long enough for a customer to move, short enough to remember. */
const MOVE_DAYS = 30
/** Of the changes that are said at most this share is expected to be chance. */
const FALSE_CHANGES = 0.05
const MOST_SAID = 50

/** Who stands elsewhere than a month ago, by the model of today; null where that cannot be told. */
export async function movesOf(one: Examined, scene: Scene, workshop: Workshop): Promise<Moves | null> {
  const begin = scene.history.firstOrderAt
  const day = scene.today - MOVE_DAYS * DAY
  if (one.model === null || one.report?.verdict !== 'publish' || begin === null || begin > day) return null
  return workshop.moves(one.miner, one.model, await framesOfDay(scene, day), one.subjects.now, one.params)
}

/** What is not as the model before had it, beyond chance (false discovery rate); null where nothing can be compared. */
export async function changesOf(one: Examined, live: KnownModel | undefined, workshop: Workshop): Promise<Changes | null> {
  if (!live || one.model === null || live.id === one.known || live.minerVersion !== one.minerVersion) return null
  const looked = await workshop.changes(one.miner, live.model, one.model, one.subjects.now, one.params)
  if (looked === null) return null
  const accepted = acceptedByFalseDiscovery(
    Float64Array.from(looked, (each) => each.p),
    FALSE_CHANGES,
  )
  const found = looked.filter((_, i) => accepted[i]).sort((a, b) => a.p - b.p || (a.name < b.name ? -1 : 1))
  return { since: isoDay(live.dataUntil), against: live.id, tested: looked.length, rate: FALSE_CHANGES, found: found.slice(0, MOST_SAID) }
}

/** The report with what is not as it was. */
export const withChanges = (report: Report, moves: Moves | null, changes: Changes | null): Report => ({
  ...report,
  ...(moves === null ? {} : { moves }),
  ...(changes === null ? {} : { changes }),
})
