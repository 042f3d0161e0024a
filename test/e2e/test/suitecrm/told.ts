import type { CrmRecord } from '@assay/shared'
import { type Mined, mine } from '../../../../sidecar/src/flow/mine/mine.ts'
import { score } from '../../../../sidecar/src/flow/mine/score.ts'
import { openWorkshop } from '../../../../sidecar/src/flow/mine/workshop.ts'
import type { ScoreEntry, Store } from '../../../../sidecar/src/store/store.ts'
import { silent } from '../folders.ts'

/** What one source led to: everything that was said of everybody, by miner and id. */
export interface Told {
  readonly mined: Mined
  readonly entries: ReadonlyMap<string, ScoreEntry>
}

/** What a company without lines and products has something to say to. */
export const MINERS = ['churn', 'segments']

export async function told(store: Store, connection: string, today: number): Promise<Told> {
  const workshop = openWorkshop()
  try {
    const mined = await mine({ store, connection, today, horizonDays: 90, only: MINERS, workshop, tell: silent })
    const entries = new Map<string, ScoreEntry>()
    for (const examined of mined.examined)
      for await (const chunk of score({ examined, model: '', run: '', object: mined.unit, scoredAt: today, workshop }))
        for (const entry of chunk) entries.set(`${entry.miner} ${entry.id}`, entry)
    return { mined, entries }
  } finally {
    await workshop.close()
  }
}

/** Every figure of every report: a model that is not good enough to be published has them as well. */
const figuresOf = ({ mined }: Told): Map<string, number> =>
  new Map(
    mined.examined.flatMap(({ miner, report }) =>
      Object.entries(report?.metrics ?? {}).map(
        ([name, value]) => [`${miner} ${name}`, typeof value === 'object' ? value.value : value] as const,
      ),
    ),
  )

/** Whatever two sources say differently, in words; empty when nothing. */
export function differences(one: Told, other: Told): string[] {
  const wrong: string[] = []
  const figures = figuresOf(other)
  for (const [name, value] of figuresOf(one))
    if (!(Math.abs(value - (figures.get(name) ?? Number.NaN)) <= 1e-9) && !Number.isNaN(value))
      wrong.push(`${name}: ${value} and ${figures.get(name)}`)
  for (const key of new Set([...one.entries.keys(), ...other.entries.keys()])) {
    const [a, b] = [one.entries.get(key), other.entries.get(key)]
    const apart = Math.abs((a?.probability ?? -1) - (b?.probability ?? -1))
    if (!(apart <= 1e-9)) wrong.push(`${key}: probability ${a?.probability} and ${b?.probability}`)
    for (const part of ['fields', 'unscored'] as const) {
      const texts = [JSON.stringify(a?.[part]), JSON.stringify(b?.[part])]
      if (texts[0] !== texts[1]) wrong.push(`${key}: ${part} ${texts.join(' and ')}`)
    }
  }
  return wrong
}

/** The same record under other ids: a customer is drawn into a sample by its id. */
export function renamed(record: CrmRecord, worldIdOf: (id: string) => string): CrmRecord {
  const said = JSON.stringify(record, (name, value: unknown) =>
    typeof value === 'string' && (name === 'id' || name === 'mergedInto' || name.endsWith('Id')) ? worldIdOf(value) : value,
  )
  return JSON.parse(said) as CrmRecord
}
