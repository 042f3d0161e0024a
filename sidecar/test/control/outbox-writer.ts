// A process of its own for kill.test.ts: writes rows, ten at a time, and says after each batch what was acknowledged.
import { openControl } from '../../src/control/index.ts'

// Ends with the process that started it, whatever becomes of that one.
process.stdin.on('close', () => process.exit()).resume()

const [home, url, start] = [process.argv[2]!, process.argv[3] || null, Number(process.argv[4])]
const control = await openControl({ home, organisation: 'acme', databaseUrl: url })
await control.migrate()
for (let batch = start; ; batch += 1) {
  await control.outbox.put(
    'c',
    'run',
    Array.from({ length: 10 }, (_, index) => ({
      object: 'account' as const,
      id: `${batch}-${index}`,
      values: { churn_risk: batch },
      after: { churn_risk: String(batch) },
    })),
  )
  process.stdout.write(`${JSON.stringify(batch)}\n`)
}
