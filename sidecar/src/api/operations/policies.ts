import { AssayError, sayIssues, wording } from '@assay/shared'
import { z } from 'zod'
import { ALERT_DECISION, alertPolicy } from '../../flow/alert/policy.ts'
import { POLICY_DECISION, publishPolicy } from '../../flow/publish/policy.ts'
import { usersOf } from '../../store/users.ts'
import { operation } from '../operation.ts'

const input = z.object({
  connection: z.string().optional(),
  /** What is to be as it is said here, by name; everything else stays. Text where a number is meant is read as one. */
  set: z.record(z.string(), z.unknown()).default({}),
  /** Everything as it was before anybody decided anything, but for what is set. */
  reset: z.boolean().default(false),
})

type Values = Readonly<Record<string, unknown>>
const isObject = (value: unknown): value is Values => typeof value === 'object' && value !== null && !Array.isArray(value)

/** The same with what was said put in. Throws (`config`) for a name that there is not; `actions` takes the name of any feature. */
function amended(standing: Values, set: Values, within = ''): Values {
  const changed = Object.entries(set).map(([name, said]) => {
    const path = `${within}${name}`
    const before = standing[name]
    if (!Object.hasOwn(standing, name) && within !== 'actions.') {
      throw new AssayError('config', `There is nothing called ${path} to decide.`, {
        hint: `Known: ${Object.keys(standing)
          .map((known) => `${within}${known}`)
          .join(', ')}.`,
      })
    }
    if (isObject(before)) return [name, isObject(said) ? amended(before, said, `${path}.`) : said]
    if (said === 'none') return [name, null]
    return [name, typeof before === 'number' && typeof said === 'string' && said.trim() !== '' ? Number(said) : said]
  })
  return { ...standing, ...Object.fromEntries(changed) }
}

function decided<T>(policy: z.ZodType<T>, standing: T, set: Values): T {
  const parsed = policy.safeParse(amended(standing as Values, set), { error: wording({ show: true }) })
  if (parsed.success) return parsed.data
  throw new AssayError('config', `That cannot be decided: ${sayIssues(parsed.error, 'policy')}.`, {
    hint: 'NAME=VALUE; what stands is shown without --set.',
  })
}

/** When account managers are told: shown, or decided by name. */
export const defineAlerts = operation({
  name: 'define-alerts',
  input,
  async run(app, { connection: named, set, reset }) {
    const connection = await app.connection(named)
    const kept = reset ? {} : ((await app.control.decisions.get(connection.id, ALERT_DECISION)) ?? {})
    const policy = decided(alertPolicy, alertPolicy.parse(kept), set)
    const { fallbackOwner } = policy
    const users = fallbackOwner === null ? [] : await usersOf(app.store, connection.id, app.now())
    if (users.length > 0 && !users.some(({ id, isActive }) => id === fallbackOwner && isActive)) {
      const known = users.filter(({ isActive }) => isActive).slice(0, 10)
      throw new AssayError('config', `No active user of ${connection.title} has the id ${fallbackOwner}.`, {
        hint: `For example: ${known.map(({ id, name }) => `${id}${name ? ` (${name})` : ''}`).join(', ')}.`,
      })
    }
    if (reset || Object.keys(set).length > 0) {
      await app.control.decisions.set(connection.id, ALERT_DECISION, policy, 'admin')
      await app.control.audit.add('admin', 'alerts decided', { connection: connection.id, ...policy })
    }
    return policy
  },
})

/** What is written and how: edges of the bands, days of refresh, the list of next actions. Shown, or decided by name. */
export const definePublishing = operation({
  name: 'define-publishing',
  input,
  async run(app, { connection: named, set, reset }) {
    const connection = await app.connection(named)
    const kept = reset ? {} : ((await app.control.decisions.get(connection.id, POLICY_DECISION)) ?? {})
    const policy = decided(publishPolicy, publishPolicy.parse(kept), set)
    if (reset || Object.keys(set).length > 0) {
      await app.control.decisions.set(connection.id, POLICY_DECISION, policy, 'admin')
      await app.control.audit.add('admin', 'publishing decided', { connection: connection.id, bands: policy.bands })
    }
    return policy
  },
})
