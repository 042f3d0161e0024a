// What this machine could not test, and why, in one place at the end. The tests say the same where they stand.
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { CHROMIUM } from '../extension-ui/panel/test/chromium.ts'

const data = process.env.ASSAY_DATA ?? fileURLToPath(new URL('../../shared/data', import.meta.url))
const left = [
  !process.env.DATABASE_URL && 'the control plane on a real PostgreSQL, and the whole flow on servers: DATABASE_URL is not set',
  !CHROMIUM && 'pages in a browser: Chromium is not installed (/usr/bin/chromium)',
  !existsSync(data) && 'figures on public data sets: the folder that ASSAY_DATA names is not there',
  !process.env.ASSAY_TEST_SUITECRM_URL && 'the whole cycle on a real SuiteCRM: ASSAY_TEST_SUITECRM_URL and its four companions are not set',
].filter(Boolean)
for (const what of left) console.log(`left out: ${what}`)
if (left.length === 0) console.log('nothing was left out')
