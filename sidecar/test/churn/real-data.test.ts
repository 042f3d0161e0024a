import { describe, expect, it } from 'vitest'
import type { EventDefinition, Frame, Report, Training, Trial } from '@assay/shared'
import { churn, response } from '../../src/miners/churn/index.ts'
import type { PropensityModel } from '../../src/miners/churn/model.ts'
import { hashUnit, seededRng } from '../../src/numeric/rng.ts'
import { dataFile } from '../numeric/data.ts'
import { flatFrame, readShop, selectRows, snapshot } from './frames.ts'

const params = churn.params.parse({})
const column = (event: string): EventDefinition => ({ event, from: 'column', horizonDays: null, who: 'all rows' })

const print = (name: string, { verdict, why, metrics, baselines, candidates }: Report): void =>
  console.log(`${name}: ${verdict}: ${why}\n${JSON.stringify({ metrics, baselines, candidates })}`)
const metric = (report: Report, name: string): number => {
  const value = report.metrics[name]!
  return typeof value === 'number' ? value : value.value
}

/** Five folds by outcome and a hash of the id, each predicted by a model of the other four. */
async function crossValidated(frame: Frame, definition: EventDefinition): Promise<Report> {
  const folds = [0, 1].flatMap((side) =>
    frame.ids
      .flatMap((id, row) => (frame.outcome![row] === side ? [{ row, place: hashUnit(`fold ${id}`) }] : []))
      .sort((a, b) => a.place - b.place)
      .map(({ row }, k) => ({ row, fold: k % 5 })),
  )
  const rowsOf = (keep: (fold: number) => boolean): number[] =>
    folds
      .filter(({ fold }) => keep(fold))
      .map(({ row }) => row)
      .sort((a, b) => a - b)
  const trials: Trial<PropensityModel>[] = []
  for (let fold = 0; fold < 5; fold++) {
    const training: Training = {
      definition,
      frames: [
        selectRows(
          frame,
          rowsOf((f) => f !== fold),
        ),
      ],
      order: 'none',
    }
    trials.push({
      model: await response.fit(training, params, seededRng(fold)),
      frame: selectRows(
        frame,
        rowsOf((f) => f === fold),
      ),
    })
  }
  return response.judge(trials, definition, params, seededRng('judge'))
}

/** Each of the last three tenths of a file in time order, predicted from all rows before it. */
async function byFileOrder(frame: Frame, definition: EventDefinition): Promise<Report> {
  const edge = (tenths: number): number => Math.floor((frame.ids.length * tenths) / 10)
  const between = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, k) => from + k)
  const trials: Trial<PropensityModel>[] = []
  for (const tenths of [7, 8, 9]) {
    const training: Training = { definition, frames: [selectRows(frame, between(0, edge(tenths)))], order: 'file' }
    trials.push({
      model: await response.fit(training, params, seededRng(tenths)),
      frame: selectRows(frame, between(edge(tenths), edge(tenths + 1))),
    })
  }
  return response.judge(trials, definition, params, seededRng('judge'))
}

const retail = dataFile('online-retail/online-retail.csv.gz')
const telco = dataFile('telco-churn/WA_Fn-UseC_-Telco-Customer-Churn.csv')
const marketing = dataFile('marketing-campaign/marketing_campaign.csv')
const bank = dataFile('bank-marketing/bank-additional-full.csv')

describe('figures on real data', () => {
  it.runIf(retail !== null)(
    'Online Retail, no order in 90 days, judged on 2011-09-09: AUC at least .74, log-loss at most .60, better than recency only',
    async () => {
      const shop = readShop(retail!)
      const definition: EventDefinition = {
        event: 'no order within 90 days',
        from: 'silence',
        horizonDays: 90,
        who: 'customers with an order',
      }
      const frames = ['2011-03-01', '2011-04-01', '2011-05-01', '2011-06-01'].map((day) => snapshot(shop, Date.parse(day), 90))
      const judged = snapshot(shop, Date.parse('2011-09-09'), 90)
      expect(frames.reduce((sum, frame) => sum + frame.ids.length, 0)).toBe(8968)
      expect(judged.ids).toHaveLength(3362)
      const model = await churn.fit({ definition, frames, order: 'time' }, params, seededRng('retail'))
      const report = churn.judge([{ model, frame: judged }], definition, params, seededRng('judge'))
      print('online-retail', report)
      expect(report.verdict).toBe('publish')
      expect(metric(report, 'auc')).toBeGreaterThanOrEqual(0.74)
      expect(metric(report, 'logLoss')).toBeLessThanOrEqual(0.6)
      expect(report.baselines.map((b) => b.name)).toContain('recency only')
      expect(report.candidates.map((c) => c.name)).toContain('buy till you die')
      // Measured: every model with stopping is degenerate here, and the plain NBD is what is left.
      expect(model.rhythm?.model).toBe('nbd')
      expect(model.rhythms.filter((rhythm) => rhythm.degenerate !== null).length).toBeGreaterThan(0)
      expect(report.judgedAt).toEqual(['2011-09-09'])
    },
    120_000,
  )

  it.runIf(telco !== null)(
    'Telco by cross-validation: AUC at least .842',
    async () => {
      const report = await crossValidated(flatFrame(telco!, { outcome: 'Churn', positive: 'Yes', id: 'customerID' }), column('left'))
      print('telco-churn', report)
      expect(report).toMatchObject({ verdict: 'publish', protocol: 'cross-validation', population: { rows: 7043, positives: 1869 } })
      expect(metric(report, 'auc')).toBeGreaterThanOrEqual(0.842)
      expect(metric(report, 'logLoss')).toBeLessThan(0.42)
      expect(report.leaks).toEqual([])
    },
    120_000,
  )

  it.runIf(marketing !== null)(
    'Customer Personality by cross-validation: AUC at least .885',
    async () => {
      const report = await crossValidated(
        flatFrame(marketing!, { outcome: 'Response', positive: '1', id: 'ID', delimiter: ';' }),
        column('responded'),
      )
      print('marketing-campaign', report)
      expect(report.verdict).toBe('publish')
      expect(metric(report, 'auc')).toBeGreaterThanOrEqual(0.885)
    },
    120_000,
  )

  it.runIf(bank !== null)(
    'bank marketing in file order: refused for drift, and the duration of the call is a leak',
    async () => {
      const report = await byFileOrder(flatFrame(bank!, { outcome: 'y', positive: 'yes', delimiter: ';' }), column('subscribed'))
      print('bank-marketing', report)
      expect(report).toMatchObject({ verdict: 'refuse', protocol: 'later-period' })
      expect(report.why).toMatch(/^drift: /)
      expect(report.leaks).toMatchObject([{ column: 'duration' }])
    },
    180_000,
  )
})
