import { argv } from 'node:process'
import { boosting } from './boosting/boosting.ts'
import { kmeans } from './kmeans/kmeans.ts'
import { oracle } from './oracle/oracle.ts'
import { scale } from './scale/scale.ts'
import { syncSalesforce } from './sync-salesforce/sync-salesforce.ts'

/** `npm run bench`: lists what can be measured; `npm run bench -- NAME …` measures it. */
const BENCHES: Readonly<Record<string, { readonly about: string; run(args: readonly string[]): Promise<void> }>> = {
  boosting: {
    about:
      'boosted trees on 100,000 rows x 40, 200 rounds, 31 leaves, and their Shapley values, beside xgboost and scikit-learn (--rows 20000 --explain 2000 --threads 1 --json)',
    run: boosting,
  },
  kmeans: {
    about:
      "20 rounds of Lloyd's k-means on 1,000,000 points x 8, k = 8, beside scikit-learn (--rows 100000 --clusters 20 --threads 1 --json)",
    run: kmeans,
  },
  oracle: {
    about:
      'churn in a generated company of 10,000 accounts: AUC of the model, of recency alone, of an observer that knows every law but sees only records, and of an oracle that knows what is hidden (--accounts 2000 --seed 1 --without --json)',
    run: oracle,
  },
  scale: {
    about:
      'the whole flow on 10,000 and 100,000 accounts: seconds and memory of the sidecar alone, and how they grow (--accounts 2000,10000 --json)',
    run: scale,
  },
  'sync-salesforce': {
    about:
      'a first sync of 1,000,000 contacts from Salesforce by Bulk API 2.0: records a second, memory by tenths, beside csv-parse alone (--contacts 100000 --json)',
    run: syncSalesforce,
  },
}

const [name, ...args] = argv.slice(2)
const bench = name === undefined ? undefined : BENCHES[name]
if (bench !== undefined) await bench.run(args)
else {
  const list = Object.entries(BENCHES).map(([each, { about }]) => `  npm run bench -- ${each.padEnd(16)} ${about}`)
  process.stdout.write(`${name === undefined ? 'What can be measured:' : `There is no bench "${name}". There are:`}\n${list.join('\n')}\n`)
  if (name !== undefined) process.exitCode = 2
}
