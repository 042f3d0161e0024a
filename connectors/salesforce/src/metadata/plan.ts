import { AssayError } from '@assay/shared'
import type { FieldChange, FieldPlan, ScoreField, ScoreObject } from '@assay/shared'
import { creating } from './archive.ts'
import { clashOf } from './clash.ts'
import { deploy, type Deployed, type Problem } from './deploy.ts'
import { existingFields, mayNotLook, shapes, visibleFields, type ExistingField } from './existing.ts'
import { fullName, located, type Located } from './names.ts'
import type { Org } from './org.ts'

const change = ({ object, name, field }: Located): FieldChange => ({ object, name, label: field.label })

export type Seen = Pick<ExistingField, 'object' | 'name'> & Partial<ExistingField>

interface Found {
  readonly plan: FieldPlan
  readonly create: readonly Located[]
  readonly existing: readonly Seen[]
}

/** What is there already, what is missing, and what is in the way. */
export async function compare(org: Org, wanted: readonly Located[], existing: readonly Seen[]): Promise<Found> {
  const there = new Map(existing.map((field) => [fullName(field).toLowerCase(), field]))
  const homonyms = wanted.flatMap((at) => there.get(fullName(at).toLowerCase()) ?? [])
  const shapeOf = homonyms.length === 0 ? new Map() : await shapes(org, homonyms)
  const planned: { create: FieldChange[]; keep: FieldChange[]; clash: (FieldChange & { why: string })[] } = {
    create: [],
    keep: [],
    clash: [],
  }
  const missing: Located[] = []
  for (const at of wanted) {
    // Salesforce takes names for equal that differ in capitals only.
    const found = there.get(fullName(at).toLowerCase())
    const shape = found === undefined ? undefined : shapeOf.get(fullName(found))
    const why = shape === undefined ? null : clashOf(shape, at)
    if (found === undefined) missing.push(at)
    if (found === undefined) planned.create.push(change(at))
    else if (why === null) planned.keep.push(change(at))
    else planned.clash.push({ ...change(at), why })
  }
  return { plan: planned, create: missing, existing }
}

/**
 * What `ensureFields` would make. What is to be made is also validated by the org itself (a deployment that only checks):
 * what it would refuse is a clash, with its reason.
 */
export async function plan(org: Org, fields: readonly ScoreField[], customer: ScoreObject): Promise<FieldPlan> {
  const wanted = located(fields, customer)
  const existing = await otherwise(existingFields(org), () =>
    visibleFields(
      org,
      wanted.map(({ object }) => object),
    ),
  )
  const found = await compare(org, wanted, existing)
  if (found.create.length === 0) return found.plan
  const checked = await otherwise<Deployed | null>(
    deploy(org, creating(found.create, [], org.connection.version), { checkOnly: true }),
    () => Promise.resolve(null),
  )
  if (checked === null || checked.success) return found.plan
  const why = new Map(checked.problems.map((problem) => [problem.name, problem.why]))
  const refused = found.plan.create.filter((field) => why.has(fullName(field)))
  if (refused.length === 0) throw refusedBy(checked.problems)
  return {
    create: found.plan.create.filter((field) => !why.has(fullName(field))),
    keep: found.plan.keep,
    clash: [...found.plan.clash, ...refused.map((field) => ({ ...field, why: why.get(fullName(field)) ?? '' }))],
  }
}

/** Something less for a sign-in that may not look into Setup or deploy, as that of every night: it asks only which fields it can fill. */
const otherwise = <T>(asked: Promise<T>, less: () => Promise<T>): Promise<T> =>
  asked.catch((error: unknown) => {
    if (mayNotLook(error)) return less()
    throw error
  })

/** What Salesforce refused to make, component by component. */
export const refusedBy = (problems: readonly Problem[]): AssayError =>
  new AssayError('config', `Salesforce made nothing, because of ${problems.map(({ name, why }) => `${name}: ${why}`).join('; ')}`, {
    hint: 'Nothing was changed. Put that right in Setup and run it again; Setup, Deployment Status shows the same.',
  })
