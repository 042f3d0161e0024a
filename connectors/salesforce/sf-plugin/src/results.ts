import { z } from 'zod'

/** What each command gives under `--json`. The schemas in `schemas/` are made from these. */
const place = z.object({ object: z.string(), name: z.string() })
const change = place.extend({ label: z.string() })
const blocked = place.extend({ why: z.string() })
const receipt = z.object({
  connector: z.string(),
  madeAt: z.number(),
  made: z.array(place.extend({ type: z.enum(['group', 'field', 'permission']) })),
})

export const installResult = z.object({
  orgId: z.string(),
  dryRun: z.boolean(),
  plan: z.object({ create: z.array(change), keep: z.array(change), clash: z.array(change.extend({ why: z.string() })) }),
  /** What was made; null where nothing was to be. */
  receipt: receipt.nullable(),
  /** The connection that Assay keeps for this org; null when no sign-in was given. */
  connection: z.string().nullable(),
})
export type InstallResult = z.infer<typeof installResult>

export const checkResult = z.object({
  orgId: z.string(),
  username: z.string(),
  apiVersion: z.string(),
  fields: z.object({ there: z.number(), missing: z.array(change), clash: z.array(change.extend({ why: z.string() })) }),
  permissionSets: z.array(z.object({ name: z.string(), holders: z.number().nullable() })),
  /** What Assay's own sign-in may do there; null when it cannot be asked. */
  integration: z
    .looseObject({
      signedInAs: z.string(),
      missing: z.array(z.object({ what: z.string(), hint: z.string() })),
      surplus: z.array(z.string()),
    })
    .nullable(),
})
export type CheckResult = z.infer<typeof checkResult>

export const syncResult = z.looseObject({
  read: z.record(z.string(), z.number()),
  deleted: z.number(),
  aside: z.number(),
  skipped: z.array(z.object({ kind: z.string(), why: z.string() })),
})
export type SyncResult = z.infer<typeof syncResult>

export const mineResult = z.looseObject({
  accepted: z.boolean(),
  miners: z.array(
    z.looseObject({
      miner: z.string(),
      verdict: z.string(),
      why: z.string(),
      scored: z.number(),
      unscored: z.number(),
    }),
  ),
})
export type MineResult = z.infer<typeof mineResult>

export const publishResult = z.looseObject({
  bill: z.looseObject({
    records: z.number(),
    unchanged: z.number(),
    calls: z.number(),
    quotaShare: z.number().nullable(),
    minutes: z.number(),
  }),
  written: z.number(),
  rejected: z.number(),
  rejections: z.array(z.object({ id: z.string(), why: z.string() })),
  gone: z.number(),
  failed: z.number(),
  waiting: z.number(),
  stopped: z.string().nullable(),
})
export type PublishResult = z.infer<typeof publishResult>

export const statusResult = z.looseObject({
  connection: z.string(),
  title: z.string(),
  state: z.string(),
  why: z.string().nullable(),
  records: z.array(z.looseObject({ kind: z.string(), records: z.number() })),
  waiting: z.number(),
  models: z.array(z.looseObject({ miner: z.string(), state: z.string(), why: z.string() })),
})
export type StatusResult = z.infer<typeof statusResult>

export const uninstallResult = z.object({
  orgId: z.string(),
  removed: z.array(place),
  blocked: z.array(blocked),
  left: z.array(place),
  /** The file with people's answers; null when none was asked for. */
  exported: z.object({ file: z.string(), answers: z.number() }).nullable(),
})
export type UninstallResult = z.infer<typeof uninstallResult>

/** By the command's name. */
export const RESULTS = {
  install: installResult,
  check: checkResult,
  sync: syncResult,
  mine: mineResult,
  publish: publishResult,
  status: statusResult,
  uninstall: uninstallResult,
} as const
