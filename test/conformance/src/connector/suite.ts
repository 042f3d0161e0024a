import { describe, it } from 'vitest'
import { fieldChecks } from './checks/fields.ts'
import { readingChecks } from './checks/reading.ts'
import { taskChecks } from './checks/tasks.ts'
import { troubleChecks } from './checks/trouble.ts'
import { writingChecks } from './checks/writing.ts'
import type { ConnectorCheck, ConnectorUnderTest, Subject } from './check.ts'
import type { ConnectorHarness } from './levers.ts'

/** Every promise that a connector keeps. */
export const connectorChecks: readonly ConnectorCheck[] = [
  ...readingChecks,
  ...troubleChecks,
  ...fieldChecks,
  ...writingChecks,
  ...taskChecks,
]

export interface SuiteSubject<S> {
  readonly connector: ConnectorUnderTest<S>
  /** A new, empty stand-in with a sign-in for it. */
  readonly start: () => Promise<ConnectorHarness<S>>
}

/** Runs one check on a stand-in of its own. Answers why it was left out, or null; rejects when the promise is broken. */
export const runCheck = async <S>(check: ConnectorCheck, { connector, start }: SuiteSubject<S>): Promise<string | null> => {
  const harness = await start()
  try {
    const why = check.leftOut(connector.capabilities, harness.crm)
    if (why !== null) return why
    const subject: Subject<S> = { ...harness, connector, open: () => connector.open(harness.settings, harness.host) }
    // A check only hands the settings back to the connector that they came with.
    await check.run(subject)
    return null
  } finally {
    await harness.close()
  }
}

/** The whole suite as tests of the calling file. What cannot be tested is printed by name with its reason. */
export const connectorSuite = <S>(subject: SuiteSubject<S>): void => {
  describe(`connector ${subject.connector.id}`, () => {
    for (const check of connectorChecks) {
      it(check.name, { timeout: 30_000 }, async (context) => {
        const why = await runCheck(check, subject)
        if (why === null) return
        console.info(`left out: ${subject.connector.id}: ${check.name}: ${why}`)
        context.skip(why)
      })
    }
  })
}
