import { AssayError } from '@assay/shared'
import { refusal, type DeployOptions, type Org } from './org.ts'

/** One component and what Salesforce says about it. */
export interface Component {
  /** `CustomField`, `PermissionSet`. */
  readonly type: string
  /** `Account.Assay_churn_risk__c`. */
  readonly name: string
}
export interface Problem extends Component {
  readonly why: string
}
/** What became of a deployment: all of it, or nothing. */
export interface Deployed {
  readonly id: string
  readonly success: boolean
  /** Components that were not there before. */
  readonly created: readonly Component[]
  readonly problems: readonly Problem[]
}

interface WireMessage {
  readonly componentType?: string | null
  readonly fullName?: string
  readonly fileName?: string
  readonly problem?: string | null
  readonly created?: boolean | string
}
interface WireStatus {
  readonly done?: boolean | string
  readonly success?: boolean | string
  readonly status?: string
  readonly errorMessage?: string | null
  readonly details?: { readonly componentFailures?: unknown; readonly componentSuccesses?: unknown } | null
}

/** XML has no list of one: what comes once comes bare. */
const list = (value: unknown): readonly WireMessage[] => (Array.isArray(value) ? value : value ? [value] : []) as WireMessage[]
const isTrue = (value: boolean | string | undefined): boolean => value === true || value === 'true'

const component = (message: WireMessage): Component => ({
  type: message.componentType ?? '',
  name: message.fullName ?? message.fileName ?? '',
})

const FIRST_WAIT = 500
const LONGEST_WAIT = 5000
const PATIENCE = 20 * 60_000

/** Tokens in the form of a JWT are refused by SOAP before version 68; REST takes both. */
const overRest = (token: string | null | undefined): boolean => token?.startsWith('ey') === true && token.split('.').length === 3

/**
 * Deploys an archive, or with `checkOnly` has it only validated, and waits for the end. Rejects when the org cannot be asked;
 * what it refuses is in `problems`, and then nothing was changed.
 */
export async function deploy(org: Org, archive: Buffer, how: { readonly checkOnly: boolean }): Promise<Deployed> {
  const { metadata, accessToken } = org.connection
  const options: DeployOptions = { checkOnly: how.checkOnly, rollbackOnError: true, singlePackage: true, ignoreWarnings: true }
  const rest = overRest(accessToken)
  try {
    const { id } = await (rest ? metadata.deployRest(archive, options) : metadata.deploy(archive, options))
    if (id === null) throw new AssayError('data', 'Salesforce took a deployment and gave it no number.')
    const giveUp = org.now() + PATIENCE
    for (let wait = FIRST_WAIT; ; wait = Math.min(wait * 1.5, LONGEST_WAIT)) {
      const status = (await metadata.checkDeployStatus(id, true, rest)) as WireStatus
      if (isTrue(status.done)) return outcome(id, status)
      if (org.now() > giveUp) {
        throw new AssayError(
          'offline',
          `The deployment ${id} is still ${status.status ?? 'under way'} after ${PATIENCE / 60_000} minutes.`,
          {
            hint: 'Look at Setup, Deployment Status; when it has ended, run this again: what is there already is kept.',
          },
        )
      }
      await org.sleep(wait)
    }
  } catch (error) {
    throw refusal('deploy metadata', error)
  }
}

function outcome(id: string, status: WireStatus): Deployed {
  const failures = list(status.details?.componentFailures)
  const success = isTrue(status.success)
  const problems = failures.map((message) => ({ ...component(message), why: message.problem ?? 'no reason given' }))
  if (!success && problems.length === 0)
    problems.push({ type: '', name: 'the deployment', why: status.errorMessage ?? status.status ?? 'failed' })
  return {
    id,
    success,
    created: list(status.details?.componentSuccesses)
      .filter((message) => isTrue(message.created))
      .map(component),
    problems,
  }
}
