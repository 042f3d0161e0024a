import { openStore } from '../../src/store/open.ts'
import { live } from './records.ts'

/* Appends for ever and says after each append how many rows are acknowledged; the test kills it. */
const [, , dataDirectory] = process.argv
const store = await openStore({ dataDirectory: dataDirectory!, database: 'killed' })
await store.migrate()
let kept = 0
for (const found of await store.counts('c')) if (found.kind === 'account') kept = found.versions
process.stdout.write(`start ${kept}\n`)
for (;;) {
  await store.append(
    'c',
    Array.from({ length: 500 }, (_, index) => live('account', `a${kept + index}`, '2020-01-01', { name: 'x'.repeat(100) })),
  )
  kept += 500
  process.stdout.write(`kept ${kept}\n`)
}
