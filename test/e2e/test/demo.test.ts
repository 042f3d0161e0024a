import { spawn } from 'node:child_process'
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { fileURLToPath } from 'node:url'
import { report } from '@assay/shared'
import { b2bWorld, openDeals } from '@assay/worlds'
import { beforeAll, describe, expect, test } from 'vitest'
import type { DemoResult } from '../../demo/src/result.ts'

const ASSAY = fileURLToPath(new URL('../../../sidecar/bin/assay.js', import.meta.url))
const MARK = `assay-e2e-${process.pid}`

/** Directories of demos that are there. */
const homes = (): string[] => readdirSync(tmpdir()).filter((name) => name.startsWith('assay-demo-'))

/** Processes that carry the mark of this test in their environment: the command and whatever it started. Linux only. */
function marked(): number[] | null {
  if (process.platform !== 'linux') return null
  return readdirSync('/proc').flatMap((name) => {
    try {
      const id = Number(name)
      return id > 0 &&
        readFileSync(`/proc/${name}/environ`, 'utf8').includes(`ASSAY_E2E=${MARK}`) &&
        readlinkSync(`/proc/${name}/exe`) !== ''
        ? [id]
        : []
    } catch {
      return []
    }
  })
}

describe('assay demo --once --json', { timeout: 600_000 }, () => {
  const run: { code?: number | null; document?: DemoResult; told?: string; before?: string[] } = {}
  beforeAll(async () => {
    run.before = homes()
    const child = spawn(process.execPath, [ASSAY, 'demo', '--once', '--json', '--accounts', '300'], {
      env: { ...process.env, ASSAY_E2E: MARK },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let text = ''
    run.told = ''
    child.stdout.on('data', (part) => (text += String(part)))
    child.stderr.on('data', (part) => (run.told += String(part)))
    run.code = await new Promise((resolve, reject) => {
      child.on('error', reject)
      child.on('close', resolve)
    })
    if (run.code !== 0) throw new Error(`the demo ended with ${run.code}: ${run.told.slice(-2000)}`)
    run.document = JSON.parse(text) as DemoResult
  }, 600_000)

  test('ends by itself with one document that tells the whole flow', () => {
    const { company, synced, learned, judged, written, alerted, seconds } = run.document!
    console.log(
      `demo of ${company.accounts} accounts: ${seconds} s; ${JSON.stringify(synced.read)}; written ${written.first} + ${written.rest}; ${alerted} alerts`,
    )
    expect(Object.keys(run.document!).sort().join(' ')).toBe(
      'alerted company judged later learned leftOut oracle panel seconds synced written',
    )
    expect(run.document!.leftOut).toEqual([])
    expect(synced.read['account']).toBeGreaterThanOrEqual(290)
    expect(synced.read['deal']).toBeGreaterThan(300)
    expect(synced.aside).toBe(0)
    expect(learned.definition.event).toMatch(/^no order within \d+ days$/)
    for (const one of judged) {
      report.parse(one)
      console.log(`demo · ${one.miner}: ${one.verdict}; ${one.why}`)
    }
    expect(judged.map((one) => one.miner).sort()).toEqual(['churn', 'offers', 'segments', 'value', 'wins'])
  })
  test('is judged between recency and an oracle that knows the hidden truth', () => {
    const oracle = run.document!.oracle!
    console.log(`demo · AUC ${oracle.model}; recency only ${oracle.recencyOnly}; oracle ${oracle.auc}; ${oracle.rows} rows`)
    expect(oracle.model).toBeGreaterThan(0.6)
    // Nobody beats the truth by more than the chance of a few hundred rows.
    expect(oracle.auc).toBeGreaterThan(oracle.model - 0.03)
    expect(oracle.auc).toBeLessThan(1)
  })
  test('writes twenty, then everybody, and later only what changed', () => {
    const { company, written, later, synced } = run.document!
    expect(written).toMatchObject({ first: 20, rejected: 0 })
    expect(written.fields).toBeGreaterThan(5)
    const everybody = written.first + written.rest
    expect(everybody).toBeGreaterThan(250)
    // Every customer at the most, and the deals that are open.
    expect(everybody).toBeLessThanOrEqual(synced.read['account']! + openDeals(b2bWorld({ accounts: company.accounts, seed: company.seed })))
    for (const one of later) {
      console.log(`demo · ${one.days} days on: ${one.written} written, ${one.unchanged} unchanged, alerts ${JSON.stringify(one.alerts)}`)
      expect(one.alerts).not.toBeNull()
    }
    expect(later[0]!.written).toBeGreaterThan(0)
    expect(later[0]!.written).toBeLessThan(everybody / 2)
    expect(later[0]!.unchanged).toBeGreaterThan(everybody / 4)
  })
  test('shows a customer as the CRM holds it', () => {
    const { panel } = run.document!
    expect(panel.record).toMatch(/^account:\d+$/)
    const risk = Number(panel.fields['assay_churn_risk'])
    expect(risk).toBeGreaterThanOrEqual(1)
    expect(risk).toBeLessThanOrEqual(99)
    for (const name of ['assay_churn_band', 'assay_churn_signs', 'assay_score_note', 'assay_scored_at', 'assay_lifecycle_stage']) {
      expect(panel.fields[name], name).toBeTruthy()
    }
  })
  test('leaves no directory and no process behind', () => {
    expect(homes().filter((name) => !run.before!.includes(name))).toEqual([])
    expect(marked() ?? []).toEqual([])
  })
})
