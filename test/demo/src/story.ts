import type { DemoResult } from './result.ts'

/** The demo as a person reads it. */
export function story(result: DemoResult): string {
  const n = (value: number): string => value.toLocaleString('en')
  const read = Object.entries(result.synced.read).map(([kind, count]) => `${n(count ?? 0)} ${kind}`)
  const { bill } = result.written as { bill: { records?: number; calls?: number } }
  return [
    `A generated company with ${n(result.company.accounts)} accounts in a stand-in HubSpot; today is ${result.company.today}.`,
    '',
    `synced    ${read.join(', ')}`,
    `learned   ${result.learned.definition.event}, for ${result.learned.definition.who}`,
    ...result.judged.map((report) => `judged    ${report.miner}: ${report.verdict}. ${report.why}`),
    ...(result.oracle
      ? [
          `          churn AUC ${result.oracle.model} on later periods; recency only ${result.oracle.recencyOnly}; an oracle that knows the hidden truth ${result.oracle.auc}`,
        ]
      : []),
    `written   ${result.written.fields} fields made; ${n(bill.records ?? 0)} records billed at ${n(bill.calls ?? 0)} calls; first ${result.written.first}, then ${n(result.written.rest)}; ${result.written.rejected} refused`,
    ...result.later.map(
      (run) => `${`${run.days} days on`.padEnd(9)} ${n(run.written)} records written, ${n(run.unchanged)} unchanged; ${alerts(run.alerts)}`,
    ),
    `alerted   ${result.alerted} tasks for account managers`,
    ...result.leftOut.map((why) => `left out  ${why}`),
    '',
    `The CRM now holds for ${result.panel.record}:`,
    ...Object.entries(result.panel.fields).map(([name, value]) => `  ${name.padEnd(28)} ${value}`),
    '',
    `${result.seconds} s`,
  ].join('\n')
}

const alerts = (result: DemoResult['later'][number]['alerts']): string =>
  result === null
    ? 'no alerts'
    : `${result.raised} new tasks for customers who turned and stayed, ${result.updated} updated, ${result.closed} closed`
