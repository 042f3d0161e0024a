import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { AssayError } from '@assay/shared'
import type { Claim } from './claims.ts'
import type { Control, Run, StepName } from './control.ts'
import { toInstant, toJson } from './parsers.ts'
import type { Scope } from './scope.ts'

const COLUMNS = 'id, connection, step, started_at as "startedAt", finished_at as "finishedAt", state, detail'
/** Every step of a connection; what is forgotten must not be written down again by one that began before. */
const ALL_STEPS: readonly StepName[] = ['sync', 'features', 'fit', 'judge', 'score', 'publish', 'alert', 'erase']
/** Whoever looks for abandoned runs holds a claim for a moment: so often, and so long apart, it is asked for again. */
const ATTEMPTS = 5
const BETWEEN_MS = 100
const TRY_AGAIN_MS = 60_000

type Claimed = Pick<Run, 'step' | 'connection'>

export function runs(scope: Scope): Control['runs'] {
  const { database, organisation, now } = scope
  const claims = new Map<string, Claim>()
  const end = async (id: string, state: Run['state'], detail: Readonly<Record<string, unknown>>): Promise<void> => {
    try {
      // One that was given up meanwhile stays so.
      await database.query(
        `update assay.run set state = $3, detail = $4::json, finished_at = $5::timestamptz where org_id = $1 and id = $2 and state = 'running'`,
        [organisation, id, state, toJson(detail), toInstant(now())],
      )
    } finally {
      await claims.get(id)?.release()
      claims.delete(id)
    }
  }
  const claim = async (names: readonly string[]): Promise<Claim | null> => {
    for (let attempt = 1; ; attempt++) {
      const taken = await scope.claim(names)
      if (taken !== null || attempt === ATTEMPTS) return taken
      await sleep(BETWEEN_MS)
    }
  }
  return {
    async start(step, connection) {
      const taken = await claim(namesOf(scope, { step, connection }))
      if (taken === null) throw await busy(scope, { step, connection })
      try {
        await giveUp(scope, { step, connection })
        const rows = await database.query<Run>(
          `insert into assay.run (org_id, id, connection, step, started_at, state, detail)
           values ($1, $2, $3, $4, $5::timestamptz, 'running', '{}') returning ${COLUMNS}`,
          [organisation, randomUUID(), connection, step, toInstant(now())],
        )
        const run = rows[0]!
        claims.set(run.id, taken)
        return { ...run, lost: taken.lost }
      } catch (error) {
        await taken.release()
        throw error
      }
    },
    finish: (id, detail) => end(id, 'done', detail),
    fail: (id, why) => end(id, 'failed', { why }),
    async last(step, connection) {
      const rows = await database.query<Run>(
        `select ${COLUMNS} from assay.run where org_id = $1 and step = $2 and connection is not distinct from $3 order by seq desc limit 1`,
        [organisation, step, connection],
      )
      return rows[0] ?? null
    },
    list: (limit) =>
      database.query<Run>(`select ${COLUMNS} from assay.run where org_id = $1 order by seq desc limit $2`, [organisation, limit]),
  }
}

/** One step of one connection is done by one at a time; what forgets a record is alone with its connection. */
const namesOf = (scope: Scope, { step, connection }: Claimed): readonly string[] =>
  (step === 'erase' ? ALL_STEPS : [step]).map((one) => nameOf(scope, { step: one, connection }))
const nameOf = ({ organisation }: Scope, { step, connection }: Claimed): string => `assay/${organisation}/${connection ?? ''}/${step}`

async function busy({ database, organisation }: Scope, { step, connection }: Claimed): Promise<AssayError> {
  const rows = await database.query<Pick<Run, 'step' | 'startedAt'>>(
    `select step, started_at as "startedAt" from assay.run
     where org_id = $1 and connection is not distinct from $2 and state = 'running' and (step = $3 or $3 = 'erase' or step = 'erase') order by seq desc limit 1`,
    [organisation, connection, step],
  )
  const [other] = rows
  const [what, since] = other ? [other.step, `, since ${toInstant(other.startedAt).slice(0, 16)} UTC`] : [step, '']
  return new AssayError('limit', `Another assay process is at the step "${what}" of ${connection ?? 'this organisation'}${since}.`, {
    hint: 'Nothing was done twice: run the command again when that one has ended (assay status shows it).',
    retryAfterMs: TRY_AGAIN_MS,
  })
}

/** Runs of this step that are over, whatever their rows say: who calls this holds their claim. */
async function giveUp({ database, organisation, now }: Scope, { step, connection }: Claimed): Promise<void> {
  await database.query(
    `update assay.run set state = 'failed', finished_at = $4::timestamptz, detail = $5::json
     where org_id = $1 and step = $2 and connection is not distinct from $3 and state = 'running'`,
    [
      organisation,
      step,
      connection,
      toInstant(now()),
      toJson({ why: 'the process ended before this step did; the next run goes on where it stopped' }),
    ],
  )
}

/** Ends the runs that a killed process left behind: those whose claim nobody holds. */
export async function endAbandonedRuns(scope: Scope): Promise<void> {
  const { database, organisation } = scope
  const running = await database.query<Claimed>(`select distinct step, connection from assay.run where org_id = $1 and state = 'running'`, [
    organisation,
  ])
  for (const one of running) {
    const claim = await scope.claim([nameOf(scope, one)])
    if (claim === null) continue
    try {
      await giveUp(scope, one)
    } finally {
      await claim.release()
    }
  }
}
