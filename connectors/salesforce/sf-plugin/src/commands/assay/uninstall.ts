import { Messages, SfError } from '@salesforce/core'
import { Flags, SfCommand } from '@salesforce/sf-plugins-core'
import type { Receipt } from '@assay/shared'
import { removable, removeFields, type Removable } from '../../../../src/metadata/index.ts'
import { assayBin, openAssay, type Assay } from '../../assay.ts'
import { asSfError } from '../../failing.ts'
import { answersGo, KEEP_WORDS, without } from '../../fields.ts'
import { orgOf, titleOf } from '../../org.ts'
import type { UninstallResult } from '../../results.ts'

Messages.importMessagesDirectoryFromMetaUrl(import.meta.url)
const messages = Messages.loadMessages('@assay/plugin-assay', 'assay.uninstall')

export class Uninstall extends SfCommand<UninstallResult> {
  public static override readonly summary = messages.getMessage('summary')
  public static override readonly description = messages.getMessage('description')
  public static override readonly examples = messages.getMessages('examples')
  public static override readonly flags = {
    'target-org': Flags.requiredOrg(),
    'api-version': Flags.orgApiVersion(),
    export: Flags.file({
      summary: messages.getMessage('flags.export.summary'),
      description: messages.getMessage('flags.export.description'),
    }),
    keep: Flags.string({
      multiple: true,
      options: [...KEEP_WORDS],
      helpValue: 'answers|all|<field>',
      summary: messages.getMessage('flags.keep.summary'),
      description: messages.getMessage('flags.keep.description'),
    }),
    'discard-answers': Flags.boolean({ summary: messages.getMessage('flags.discard-answers.summary') }),
    'no-prompt': Flags.boolean({ char: 'p', summary: messages.getMessage('flags.no-prompt.summary') }),
  }

  public async run(): Promise<UninstallResult> {
    const { flags } = await this.parse(Uninstall)
    const target = flags['target-org']
    const org = orgOf(target.getConnection(flags['api-version']), { info: (text) => this.log(text), warn: (text) => void this.warn(text) })
    const orgId = target.getOrgId()
    const title = titleOf(target)
    const keep = flags.keep ?? []
    const assay = openAssay(assayBin())
    try {
      this.spinner.start(messages.getMessage('spinner.look'))
      const known = await this.receipt(assay, title)
      const receipt = without(known?.receipt ?? null, keep)
      const found = await removable(org, receipt)
      this.spinner.stop()
      this.tell(found)
      const exported = flags.export === undefined ? null : await this.save(assay, title, flags.export)
      const mayGo = exported !== null || flags['discard-answers'] || !answersGo(keep)
      if (!mayGo) await this.holdAnswers(assay, title)
      const asked = !flags['no-prompt'] && !this.jsonEnabled()
      const question = messages.getMessage('prompt.uninstall', [String(found.free.length), target.getUsername() ?? orgId])
      if (asked && !(await this.confirm({ message: question, ms: 60_000 }))) throw messages.createError('error.refused')
      this.spinner.start(messages.getMessage('spinner.remove'))
      const removal = await removeFields(org, receipt)
      this.spinner.stop()
      if (known !== null && removal.left.length === 0) await this.forget(assay, title)
      this.told(removal)
      return { orgId, removed: [...removal.removed], blocked: [...removal.blocked], left: [...removal.left], exported }
    } catch (error) {
      this.spinner.stop()
      throw asSfError(error)
    }
  }

  /** What was made here, as Assay remembers it; null when it cannot be asked. Without it, what Assay is known to make is taken back. */
  private async receipt(assay: Assay, title: string): Promise<{ readonly receipt: Receipt | null } | null> {
    try {
      return await assay<{ receipt: Receipt | null }>(['fields', 'receipt', '--connection', title])
    } catch (error) {
      if (!(error instanceof SfError)) throw error
      this.warn(messages.getMessage('warning.no-receipt', [error.message]))
      return null
    }
  }

  private async save(assay: Assay, title: string, file: string): Promise<{ file: string; answers: number }> {
    this.spinner.start(messages.getMessage('spinner.export'))
    const saved = await assay<{ file: string; answers: number }>(['fields', 'answers', '--connection', title, '--export', file], {
      line: (text) => (this.spinner.status = text),
    })
    this.spinner.stop()
    this.log(messages.getMessage('exported', [String(saved.answers), saved.file]))
    return saved
  }

  /** Nobody's answer goes by accident: when there are any, or nobody can tell, somebody has to decide. */
  private async holdAnswers(assay: Assay, title: string): Promise<void> {
    const count = await assay<{ answers: unknown[] }>(['fields', 'answers', '--connection', title]).then(
      ({ answers }) => answers.length,
      (error: unknown) => {
        if (!(error instanceof SfError)) throw error
        return null
      },
    )
    if (count === null) throw messages.createError('error.answersUnknown')
    if (count > 0) throw messages.createError('error.answers', [String(count)])
  }

  private async forget(assay: Assay, title: string): Promise<void> {
    await assay(['fields', 'receipt', '--connection', title, '--clear']).catch((error: unknown) => {
      if (!(error instanceof SfError)) throw error
      this.warn(messages.getMessage('warning.not-forgotten', [error.message]))
    })
  }

  private tell({ free, blocked }: Removable): void {
    this.table({
      data: [
        ...free.map(({ object, name }) => ({ field: `${object}.${name}`, what: messages.getMessage('table.goes') })),
        ...blocked.map(({ object, name, why }) => ({ field: `${object}.${name}`, what: why })),
      ],
      columns: ['field', 'what'],
    })
  }

  private told({
    removed,
    blocked,
    left,
  }: Pick<UninstallResult, 'removed' | 'blocked' | 'left'> | Awaited<ReturnType<typeof removeFields>>): void {
    this.log(messages.getMessage('removed', [String(removed.length), String(blocked.length), String(left.length)]))
    for (const { object, name, why } of blocked) this.warn(`${object}.${name}: ${why}`)
    if (left.length > 0) this.table({ data: left.map(({ object, name }) => ({ left: `${object}.${name}` })), columns: ['left'] })
    else this.logSuccess(messages.getMessage('success'))
  }
}
