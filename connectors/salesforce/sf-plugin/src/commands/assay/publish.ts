import { Messages } from '@salesforce/core'
import { Flags, SfCommand } from '@salesforce/sf-plugins-core'
import { titleOf } from '../../org.ts'
import { relay } from '../../relay.ts'
import type { PublishResult } from '../../results.ts'

Messages.importMessagesDirectoryFromMetaUrl(import.meta.url)
const messages = Messages.loadMessages('@assay/plugin-assay', 'assay.publish')

export class Publish extends SfCommand<PublishResult> {
  public static override readonly summary = messages.getMessage('summary')
  public static override readonly description = messages.getMessage('description')
  public static override readonly examples = messages.getMessages('examples')
  public static override readonly flags = {
    'target-org': Flags.requiredOrg(),
    'dry-run': Flags.boolean({ summary: messages.getMessage('flags.dry-run.summary'), exclusive: ['continue'] }),
    continue: Flags.boolean({ summary: messages.getMessage('flags.continue.summary') }),
  }

  public async run(): Promise<PublishResult> {
    const { flags } = await this.parse(Publish)
    const how = [...(flags['dry-run'] ? ['--dry-run'] : []), ...(flags.continue ? ['--continue'] : [])]
    const words = ['publish', '--connection', titleOf(flags['target-org']), ...how]
    const result = await relay<PublishResult>(this, messages.getMessage('spinner'), words)
    const { bill, written, rejected, gone, failed, waiting } = result
    const share = bill.quotaShare === null ? '?' : (bill.quotaShare * 100).toFixed(1)
    this.log(
      messages.getMessage('bill', [
        String(bill.records),
        String(bill.unchanged),
        String(bill.calls),
        share,
        String(Math.ceil(bill.minutes)),
      ]),
    )
    this.table({ data: [{ written, rejected, gone, failed, waiting }], columns: ['written', 'rejected', 'gone', 'failed', 'waiting'] })
    for (const { id, why } of result.rejections) this.warn(messages.getMessage('warning.rejected', [id, why]))
    if (result.stopped !== null) this.warn(messages.getMessage('warning.stopped', [result.stopped]))
    return result
  }
}
