import { Messages } from '@salesforce/core'
import { Flags, SfCommand } from '@salesforce/sf-plugins-core'
import { titleOf } from '../../org.ts'
import { relay } from '../../relay.ts'
import type { StatusResult } from '../../results.ts'

Messages.importMessagesDirectoryFromMetaUrl(import.meta.url)
const messages = Messages.loadMessages('@assay/plugin-assay', 'assay.status')

export class Status extends SfCommand<StatusResult> {
  public static override readonly summary = messages.getMessage('summary')
  public static override readonly description = messages.getMessage('description')
  public static override readonly examples = messages.getMessages('examples')
  public static override readonly flags = {
    'target-org': Flags.requiredOrg(),
  }

  public async run(): Promise<StatusResult> {
    const { flags } = await this.parse(Status)
    const title = titleOf(flags['target-org'])
    const { connections } = await relay<{ connections: StatusResult[] }>(this, messages.getMessage('spinner'), ['status'])
    const result = connections.find((one) => one.title === title)
    if (result === undefined) throw messages.createError('error.unknown', [title], [title])
    this.log(messages.getMessage('state', [result.title, result.state, result.why ?? '']))
    this.table({
      data: result.records.filter(({ records }) => records > 0).map(({ kind, records }) => ({ kind, records })),
      columns: ['kind', 'records'],
    })
    this.table({ data: result.models.map(({ miner, state, why }) => ({ miner, state, why })), columns: ['miner', 'state', 'why'] })
    if (result.waiting > 0) this.log(messages.getMessage('waiting', [String(result.waiting)]))
    return result
  }
}
