import { readFile } from 'node:fs/promises'
import { Messages, SfError } from '@salesforce/core'
import { Flags, SfCommand } from '@salesforce/sf-plugins-core'
import type { Receipt } from '@assay/shared'
import { ensureFields, plan } from '../../../../src/metadata/index.ts'
import { assayBin, openAssay } from '../../assay.ts'
import { asSfError } from '../../failing.ts'
import { INSTALLED_FIELDS } from '../../fields.ts'
import { orgOf, titleOf } from '../../org.ts'
import type { InstallResult } from '../../results.ts'

Messages.importMessagesDirectoryFromMetaUrl(import.meta.url)
const messages = Messages.loadMessages('@assay/plugin-assay', 'assay.install')

const SIGN_IN = ['client-id', 'jwt-key-file', 'integration-user']

export class Install extends SfCommand<InstallResult> {
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
      description: messages.getMessage('flags.customer.description'),
    })(),
    'client-id': Flags.string({
      char: 'i',
      summary: messages.getMessage('flags.client-id.summary'),
      dependsOn: SIGN_IN.filter((name) => name !== 'client-id'),
    }),
    'jwt-key-file': Flags.file({
      char: 'f',
      exists: true,
      summary: messages.getMessage('flags.jwt-key-file.summary'),
      dependsOn: SIGN_IN.filter((name) => name !== 'jwt-key-file'),
    }),
    'integration-user': Flags.string({
      char: 'u',
      summary: messages.getMessage('flags.integration-user.summary'),
      description: messages.getMessage('flags.integration-user.description'),
    }),
    'login-url': Flags.url({ char: 'r', summary: messages.getMessage('flags.login-url.summary') }),
    'dry-run': Flags.boolean({ summary: messages.getMessage('flags.dry-run.summary') }),
    'no-prompt': Flags.boolean({ char: 'p', summary: messages.getMessage('flags.no-prompt.summary') }),
  }

  public async run(): Promise<InstallResult> {
    const { flags } = await this.parse(Install)
    const target = flags['target-org']
    const connection = target.getConnection(flags['api-version'])
    const org = orgOf(connection, { info: (text) => this.log(text), warn: (text) => void this.warn(text) })
    const orgId = target.getOrgId()
    const user = flags['integration-user'] ?? null
    try {
      this.spinner.start(messages.getMessage('spinner.plan'))
      const planned = await plan(org, INSTALLED_FIELDS, flags.customer)
      this.spinner.stop()
      this.tell(planned)
      this.log(user === null ? messages.getMessage('sets') : messages.getMessage('sets.reading', [user]))
      const { create, keep, clash } = planned
      const found = { create: [...create], keep: [...keep], clash: [...clash] }
      if (clash.length > 0) {
        const named = clash.map(({ object, name, why }) => `${object}.${name}: ${why}`).join('; ')
        throw messages.createError('error.clash', [named])
      }
      if (flags['dry-run']) return { orgId, dryRun: true, plan: found, receipt: null, connection: null }
      const asked = !flags['no-prompt'] && !this.jsonEnabled()
      if (asked && !(await this.confirm({ message: messages.getMessage('prompt.install', [target.getUsername() ?? orgId]), ms: 60_000 }))) {
        throw messages.createError('error.refused')
      }
      // Signing in first: what cannot be read and written every night need not be made.
      const kept = await this.connect(titleOf(target), orgId, flags)
      this.spinner.start(messages.getMessage('spinner.deploy'))
      const receipt = await ensureFields(org, INSTALLED_FIELDS, { customer: flags.customer, integrationUser: user })
      this.spinner.stop(messages.getMessage('spinner.made', [String(receipt.made.length)]))
      if (kept !== null) await this.hand(receipt, kept)
      if (user === null) this.warn(messages.getMessage('warning.no-user'))
      this.logSuccess(kept === null ? messages.getMessage('success.no-sign-in', [titleOf(target)]) : messages.getMessage('success'))
      return { orgId, dryRun: false, plan: found, receipt: { ...receipt, made: [...receipt.made] }, connection: kept }
    } catch (error) {
      this.spinner.stop()
      throw asSfError(error)
    }
  }

  private tell({ create, keep, clash }: Awaited<ReturnType<typeof plan>>): void {
    const rows = [
      ...clash.map((field) => ({ field: `${field.object}.${field.name}`, label: field.label, what: field.why })),
      ...create.map((field) => ({ field: `${field.object}.${field.name}`, label: field.label, what: messages.getMessage('table.create') })),
      ...keep.map((field) => ({ field: `${field.object}.${field.name}`, label: field.label, what: messages.getMessage('table.keep') })),
    ]
    this.table({ data: rows, columns: ['field', 'label', 'what'] })
  }

  /** Has Assay keep the sign-in of the integration user, encrypted. The login of this command is never handed over. */
  private async connect(
    title: string,
    organization: string,
    flags: {
      readonly customer: string
      readonly 'client-id'?: string | undefined
      readonly 'jwt-key-file'?: string | undefined
      readonly 'integration-user'?: string | undefined
      readonly 'login-url'?: URL | undefined
      readonly 'target-org': { getConnection(): { instanceUrl: string } }
    },
  ): Promise<string | null> {
    const { 'client-id': clientId, 'jwt-key-file': file, 'integration-user': username } = flags
    if (clientId === undefined || file === undefined || username === undefined) return null
    const privateKey = await readFile(file, 'utf8')
    const loginUrl = (flags['login-url']?.href ?? flags['target-org'].getConnection().instanceUrl).replace(/\/$/, '')
    const settings = { loginUrl, organization, customer: flags.customer, jwt: { clientId, username, privateKey } }
    this.spinner.start(messages.getMessage('spinner.connect', [username]))
    const assay = openAssay(assayBin())
    const { connection } = await assay<{ connection: string }>(['connect', 'salesforce', '--title', title, '--settings-file', '-'], {
      input: JSON.stringify(settings),
      line: (text) => (this.spinner.status = text),
    })
    this.spinner.stop()
    return connection
  }

  /** The receipt belongs where the connection is: there a removal looks for it. */
  private async hand(receipt: Receipt, connection: string): Promise<void> {
    if (receipt.made.length === 0) return
    try {
      await openAssay(assayBin())(['fields', 'receipt', '--connection', connection, '--add', '-'], { input: JSON.stringify(receipt) })
    } catch (error) {
      this.warn(messages.getMessage('warning.receipt', [error instanceof SfError ? error.message : String(error)]))
    }
  }
}
