import { createInterface } from 'node:readline'
import { b2bWorld, change, type World } from '@assay/worlds'

const DAY = 86_400_000

/** What the process of a stand-in can be told about its company, for `parseArgs`; a CRM adds its own. */
export const PROCESS_OPTIONS = {
  accounts: { type: 'string', default: '1000' },
  seed: { type: 'string', default: '1' },
  years: { type: 'string' },
  plain: { type: 'boolean', default: false },
  port: { type: 'string', default: '0' },
  token: { type: 'string' },
  control: { type: 'boolean', default: false },
} as const

interface Company {
  readonly accounts: string
  readonly seed: string
  readonly years?: string | undefined
  readonly plain?: boolean
}

export const worldOf = ({ accounts, seed, years, plain = false }: Company): World =>
  b2bWorld({ accounts: Number(accounts), seed: Number(seed), plain, ...(years === undefined ? {} : { years: Number(years) }) })

interface Running {
  /** Needed with `control`. */
  grow?(world: World): void
  close(): Promise<void>
}

interface Run<StandIn extends Running> {
  readonly world: World
  readonly control?: boolean
  readonly start: (now: () => number) => Promise<StandIn>
  /** What those who start the process are told. */
  readonly said: (standIn: StandIn) => object
}

interface Command {
  readonly change: { readonly share: number; readonly days: number; readonly seed: number }
}

/**
 * Runs a stand-in as a process of its own: prints what is `said` as one line of JSON and ends on SIGTERM.
 *
 * With `control` its clock starts at the world's today (`ahead`: by how many ms before this machine's), and it can be moved on by
 * lines on stdin: `{"change":{"share":0.01,"days":2,"seed":3}}` lets that many days go by in which something happens to that share of
 * the accounts, and is answered by a line `{"ahead":…}`. The end of stdin ends it.
 */
export async function runProcess<StandIn extends Running>({ world, control = false, start, said }: Run<StandIn>): Promise<void> {
  let present = world
  let ahead = control ? world.today - Date.now() : 0
  const now = (): number => Date.now() + ahead
  const standIn = await start(now)
  const tell = (message: object): void => void process.stdout.write(`${JSON.stringify(message)}\n`)
  const end = (): void => {
    standIn.close().then(
      () => process.exit(0),
      () => process.exit(1),
    )
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, end)
  tell({ ...said(standIn), ...(control ? { ahead } : {}) })
  if (!control) return

  const lines = createInterface(process.stdin)
  lines.once('close', end)
  lines.on('line', (line) => {
    const { share, days, seed } = (JSON.parse(line) as Command).change
    const today = now()
    ahead += days * DAY
    present = change({ ...present, today }, { share, at: today + days * DAY, seed })
    standIn.grow?.(present)
    tell({ ahead })
  })
}
