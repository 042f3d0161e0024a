import { Messages, SfError } from '@salesforce/core'
import { Flags, SfCommand } from '@salesforce/sf-plugins-core'
import { permissionHolders, plan } from '../../../../src/metadata/index.ts'
import { assayBin, openAssay } from '../../assay.ts'
import { asSfError } from '../../failing.ts'
import { INSTALLED_FIELDS } from '../../fields.ts'
import { orgOf, titleOf } from '../../org.ts'
import type { CheckResult } from '../../results.ts'

Messages.importMessagesDirectoryFromMetaUrl(import.meta.url)
const messages = Messages.loadMessages('@assay/plugin-assay', 'assay.check')

interface Relayed {
  readonly check: {
    readonly signedInAs: string
    readonly kinds: readonly {
      readonly kind: string
      readonly source: string
      readonly readable: boolean
      readonly why: string | null
      readonly fields: readonly {
        readonly name: string
        readonly readable: boolean
        readonly writable: boolean | null
        readonly why: string | null
      }[]
    }[]
    readonly missing: { what: string; hint: string }[]
    readonly surplus: string[]
  }
}

export class Check extends SfCommand<CheckResult> {
  public static override readonly summary = messages.getMessage('summary')
  public static override readonly description = messages.getMessage('description')
  public static override readonly examples = messages.getMessages('examples')
  public static override readonly flags = {
    'target-org': Flags.requiredOrg(),
    'api-version': Flags.orgApiVersion(),
    customer: Flags.option({
      options: ['account', 'contact'] as const,
      default: 'account' as const,
      summary: messages.getMessage('flags.customer.summary'),
    })(),
  }

  public async run(): Promise<CheckResult> {
    const { flags } = await this.parse(Check)
    const target = flags['target-org']
    const connection = target.getConnection(flags['api-version'])
    const org = orgOf(connection, { info: (text) => this.log(text), warn: (text) => void this.warn(text) })
    try {
      this.spinner.start(messages.getMessage('spinner.org'))
      const found = await plan(org, INSTALLED_FIELDS, flags.customer)
      const sets = await permissionHolders(org)
      this.spinner.start(messages.getMessage('spinner.integration'))
      const integration = await this.integration(titleOf(target))
      this.spinner.stop()
      const result: CheckResult = {
        orgId: target.getOrgId(),
        username: target.getUsername() ?? '',
        apiVersion: connection.version,
        fields: { there: found.keep.length, missing: [...found.create], clash: [...found.clash] },
        permissionSets: sets.map((set) => ({ ...set })),
        integration: integration === null ? null : { ...integration },
      }
      this.tell(result, integration)
      return result
    } catch (error) {
      this.spinner.stop()
      throw asSfError(error)
    }
  }

  /** What the sign-in of every night may do; that it cannot be asked is said and is no failure of this check. */
  private async integration(title: string): Promise<Relayed['check'] | null> {
    try {
      const { check } = await openAssay(assayBin())<Relayed>(['check', '--connection', title], {
        line: (text) => (this.spinner.status = text),
      })
      return check
    } catch (error) {
      if (!(error instanceof SfError)) throw error
      this.warn(messages.getMessage('warning.integration', [[error.message, ...(error.actions ?? [])].join(' ')]))
      return null
    }
  }

  private tell({ fields, permissionSets, username, orgId }: CheckResult, integration: Relayed['check'] | null): void {
    this.styledHeader(messages.getMessage('header.org', [orgId, username]))
    this.log(messages.getMessage('fields', [String(fields.there), String(fields.missing.length), String(fields.clash.length)]))
    for (const field of fields.clash) this.warn(`${field.object}.${field.name}: ${field.why}`)
    this.table({
      data: permissionSets.map(({ name, holders }) => ({
        name,
        holders: holders === null ? messages.getMessage('not-there') : String(holders),
      })),
      columns: ['name', 'holders'],
    })
    if (integration === null) return
    this.styledHeader(messages.getMessage('header.integration', [integration.signedInAs]))
    this.table({
      data: integration.kinds.map(({ kind, source, readable, why, fields: each }) => {
        const hidden = each.filter((field) => !field.readable).map(({ name }) => name)
        return {
          kind,
          source,
          note: readable ? (hidden.length === 0 ? '' : messages.getMessage('hidden', [hidden.join(', ')])) : (why ?? ''),
        }
      }),
      columns: ['kind', 'source', 'note'],
    })
    for (const { what, hint } of integration.missing) this.warn(`${what}. ${hint}`)
    if (integration.surplus.length > 0) this.warn(messages.getMessage('warning.surplus', [integration.surplus.join(', ')]))
  }
}
