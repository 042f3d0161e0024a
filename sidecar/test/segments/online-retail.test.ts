import { describe, expect, test } from 'vitest'
import { segments } from '../../src/miners/segments/index.ts'
import { seededRng } from '../../src/numeric/rng.ts'
import { frameOf } from '../offers/frames.ts'
import { onlineRetail, type Line } from '../offers/online-retail.ts'

const DAY = 86_400_000
const REFERENCE = Date.UTC(2011, 11, 10)

function rfmFrame(lines: readonly Line[]) {
  const byCustomer = Map.groupBy(lines, (line) => line.customer)
  const ids = [...byCustomer.keys()].sort()
  const each = <T>(of: (lines: readonly Line[]) => T): T[] => ids.map((id) => of(byCustomer.get(id)!))
  return frameOf(ids, {
    days_since_last_order: each((own) => Math.floor((REFERENCE - Math.max(...own.map((line) => line.at))) / DAY)),
    orders: each((own) => new Set(own.map((line) => line.invoice)).size),
    money: each((own) => own.reduce((sum, line) => sum + line.quantity * line.price, 0)),
  })
}

const lines = onlineRetail()
describe.runIf(lines)('online retail (needs ASSAY_DATA)', () => {
  test('inertia and silhouette are those of scikit-learn for every k', async () => {
    const frame = rfmFrame(lines!)
    expect(frame.ids).toHaveLength(4338)
    const definition = { event: 'customers who buy alike', from: 'silence', horizonDays: 90, who: 'all' } as const
    const params = segments.params.parse({})
    const model = await segments.fit({ definition, frames: [frame], order: 'time' }, params, seededRng('online-retail'))
    // scikit-learn 1.2.1 KMeans, n_init 10, seed 42, k = 2..8.
    const inertia = [6485.7, 4877.2, 3962.5, 3330.7, 2875.2, 2573.3, 2362.5]
    const silhouette = [43.4, 33.9, 33.7, 31.6, 31.4, 30.9].map((percent) => percent / 100)
    inertia.forEach((value, i) => expect(Math.abs(model.tried[i]!.inertia / value - 1)).toBeLessThan(0.005))
    silhouette.forEach((value, i) => expect(Math.abs(model.tried[i]!.silhouette - value)).toBeLessThan(0.005))
    expect(model.segments.length).toBeGreaterThanOrEqual(3)
    const report = segments.judge([{ model, frame }], definition, params, seededRng('judge'))
    expect(report.verdict).toBe('publish')
    expect(report.metrics['stability']).toBeGreaterThanOrEqual(0.75)
    console.log(`segments: ${model.choice}; judged ${JSON.stringify(report.metrics['stability'])}`)
  }, 240_000)
})
