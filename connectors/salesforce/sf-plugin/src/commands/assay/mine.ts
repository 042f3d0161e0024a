import { Messages } from '@salesforce/core'
import { Flags, SfCommand } from '@salesforce/sf-plugins-core'
import { titleOf } from '../../org.ts'
import { relay } from '../../relay.ts'
import type { MineResult } from '../../results.ts'

Messages.importMessagesDirectoryFromMetaUrl(import.meta.url)
const messages = Messages.loadMessages('@assay/plugin-assay', 'assay.mine')

export class Mine extends SfCommand<MineResult> {
  public static override readonly summary = messages.getMessage('summary')
  public static override readonly description = messages.getMessage('description')
  public static override readonly examples = messages.getMessages('examples')
  public static override readonly flags = {
    'target-org': Flags.requiredOrg(),
    only: Flags.string({ multiple: true, summary: messages.getMessage('flags.only.summary') }),
    refit: Flags.boolean({ summary: messages.getMessage('flags.refit.summary') }),
  }

  public async run(): Promise<MineResult> {
    const { flags } = await this.parse(Mine)
    const only = (flags.only ?? []).flatMap((miner) => ['--only', miner])
    const words = ['mine', '--connection', titleOf(flags['target-org']), ...only, ...(flags.refit ? ['--refit'] : [])]
    const result = await relay<MineResult>(this, messages.getMessage('spinner'), words)
    this.table({
      data: result.miners.map(({ miner, verdict, why, scored, unscored }) => ({ miner, verdict, scored, unscored, why })),
      columns: ['miner', 'verdict', 'scored', { key: 'unscored', name: messages.getMessage('table.unscored') }, 'why'],
    })
    if (!result.accepted) this.warn(messages.getMessage('warning.accept'))
    return result
  }
}
