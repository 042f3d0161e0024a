import type { World } from './world.ts'

/** How many deals of a company are open today. */
export function openDeals(world: World): number {
  let open = 0
  for (let index = 0; index < world.size; index += 1) open += world.bundle(index).deals.filter((deal) => !deal.body.isClosed).length
  return open
}
