import type { LiveRecord } from '@assay/shared'
import type { Bundle, World } from '@assay/worlds'
import { createKept } from './kept.ts'

/** A small world is made once: every table is a pass of its own over all bundles. A large one is made again and again instead. */
const KEPT_BUNDLES = 2_000
const SAMPLED_BUNDLES = 300

export interface Bundles {
  /** The last ones are kept. */
  readonly at: (position: number) => Bundle
  /** For a look at everything, which leaves those of a large world that are kept where they are. */
  readonly passing: (position: number) => Bundle
}

export function bundlesOf(world: World): Bundles {
  const kept = createKept<Bundle>(KEPT_BUNDLES)
  const at = (position: number): Bundle => kept(position, () => world.bundle(position))
  return { at, passing: world.size <= KEPT_BUNDLES ? at : (position) => world.bundle(position) }
}

/**
 * The first bundle that may hold a greater id than one that is not known any more: the ids around it tell.
 * `lastIn` gives the last id in a bundle, undefined where there is none; `isBehind` tells whether it is that id or less.
 */
export function bundleAfter(size: number, lastIn: (position: number) => string | undefined, isBehind: (id: string) => boolean): number {
  let low = 0
  let high = size
  while (low < high) {
    const middle = (low + high) >>> 1
    let probe = middle
    let last: string | undefined
    while (probe < high && (last = lastIn(probe)) === undefined) probe += 1
    if (last !== undefined && isBehind(last)) low = probe + 1
    else high = middle
  }
  return low
}

/** Products and a share of the bundles, from all over the world: which values and columns occur. */
export function* sampleOf(world: World): Generator<LiveRecord> {
  const step = Math.max(1, Math.floor(world.size / SAMPLED_BUNDLES))
  yield* world.products
  for (let index = 0; index < world.size; index += step) {
    const bundle = world.bundle(index)
    yield bundle.account
    yield* bundle.contacts
    yield* bundle.deals
    yield* bundle.dealHistory
    yield* bundle.lineItems
    yield* bundle.cases
    yield* bundle.activities
    yield* bundle.subscriptions
  }
}
