import { Messages } from '@salesforce/core'
import { Flags, SfCommand } from '@salesforce/sf-plugins-core'
import { titleOf } from '../../org.ts'
import { relay } from '../../relay.ts'
import type { SyncResult } from '../../results.ts'

Messages.importMessagesDirectoryFromMetaUrl(import.meta.url)
const messages = Messages.loadMessages('@assay/plugin-assay', 'assay.sync')

export class Sync extends SfCommand<SyncResult> {
  public static override readonly summary = messages.getMessage('summary')
  public static override readonly description = messages.getMessage('description')
  public static override readonly examples = messages.getMessages('examples')
  public static override readonly flags = {
    'target-org': Flags.requiredOrg(),
    full: Flags.boolean({ summary: messages.getMessage('flags.full.summary') }),
  }

  public async run(): Promise<SyncResult> {
    const { flags } = await this.parse(Sync)
    const words = ['sync', '--connection', titleOf(flags['target-org']), ...(flags.full ? ['--full'] : [])]
    const result = await relay<SyncResult>(this, messages.getMessage('spinner'), words)
    this.table({ data: Object.entries(result.read).map(([kind, records]) => ({ kind, records })), columns: ['kind', 'records'] })
    for (const { kind, why } of result.skipped) this.warn(messages.getMessage('warning.skipped', [kind, why]))
    if (result.aside > 0) this.warn(messages.getMessage('warning.aside', [String(result.aside)]))
    return result
  }
}
