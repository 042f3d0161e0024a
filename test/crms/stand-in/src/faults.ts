import { isWithin } from './family.ts'

/** What meets a fault: a family of requests and what is below it (`records` also `records.update`), a pattern on `METHOD /path?query`, or all. */
export type FaultMatch = '*' | (string & {}) | RegExp

/** What goes wrong on purpose; what can go wrong (`Fault`) is the CRM's own. */
export interface Faults<Fault> {
  /** The next `times` (default 1) requests that match meet the fault; planted faults are used up in the order of planting. */
  next(match: FaultMatch, fault: Fault, times?: number): void
  /** Lets `skip` matching requests through first. */
  after(skip: number, match: FaultMatch, fault: Fault, times?: number): void
  clear(): void
  /** How many are planted and not used up. */
  pending(): number
}

export interface FaultQueue<Fault> extends Faults<Fault> {
  /** The fault that this request meets, used up by it. */
  take(family: string, request: string): Fault | null
  /** The same with another way to tell who is meant. */
  takeIf(isMeant: (match: FaultMatch) => boolean): Fault | null
}

export function createFaults<Fault>(): FaultQueue<Fault> {
  let planted: { match: FaultMatch; fault: Fault; skip: number; left: number }[] = []
  const after: Faults<Fault>['after'] = (skip, match, fault, times = 1) => void planted.push({ match, fault, skip, left: times })
  const takeIf: FaultQueue<Fault>['takeIf'] = (isMeant) => {
    for (const each of planted) {
      if (!isMeant(each.match)) continue
      if (each.skip > 0) {
        each.skip -= 1
        continue
      }
      each.left -= 1
      if (each.left <= 0) planted = planted.filter((other) => other !== each)
      return each.fault
    }
    return null
  }
  return {
    next: (match, fault, times) => after(0, match, fault, times),
    after,
    clear() {
      planted = []
    },
    pending: () => planted.reduce((sum, each) => sum + each.left, 0),
    take: (family, request) =>
      takeIf((match) => (match instanceof RegExp ? match.test(request) : match === '*' || isWithin(match, family))),
    takeIf,
  }
}
