import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect } from 'vitest'
import { folderOf, mappingOf, onData, reportOf, say, tried } from './folders.ts'

/** The published sample has no header and stands between blanks: written as a shop would export it. */
async function exported(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'assay-cdnow-'))
  const text = await readFile(join(folderOf('cdnow'), 'CDNOW_sample.txt'), 'utf8')
  const rows = text.split('\n').flatMap((line) => {
    const cells = line.trim().split(/\s+/)
    const on = cells[2]
    return cells.length === 5 && on !== undefined ? [`${cells[1]},${on.slice(0, 4)}-${on.slice(4, 6)}-${on.slice(6)},${cells[4]}`] : []
  })
  await writeFile(join(folder, 'transactions.csv'), ['customer,date,dollars', ...rows].join('\n'))
  return folder
}

describe('cdnow, a cohort of a quarter of a year', () => {
  onData('cdnow', 'the buying fits are the published ones, from transactions to the report', async () => {
    const folder = await exported()
    try {
      const document = await tried(folder, mappingOf('cdnow'))
      say('cdnow', document)
      const { btyd, judgedAt, details, outlook } = reportOf(document, 'value')
      expect(judgedAt).toEqual(['1997-09-30'])
      // Fader, Hardie & Lee 2005; Fader & Hardie 2013 for the amounts.
      expect(btyd).toMatchObject({ model: 'BG/NBD', degenerate: false, customers: 2357, until: '1997-09-30' })
      for (const [name, value] of Object.entries({ r: 0.243, alpha: 4.414, a: 0.793, b: 2.426 }))
        expect(Math.abs(btyd!.parameters[name]! - value), name).toBeLessThan(0.0006)
      expect(Math.abs(btyd!.logLikelihood - -9582.4)).toBeLessThan(0.1)
      const pareto = btyd!.tried.find((one) => one.model === 'Pareto/NBD')
      expect(pareto!.parameters['r']).toBeCloseTo(0.553, 3)
      expect(Math.abs(pareto!.logLikelihood - -9595)).toBeLessThan(0.1)
      const amounts = details['amounts'] as { p: number; q: number; v: number }
      expect([amounts.p, amounts.q, amounts.v].map((value) => value.toFixed(2))).toEqual(['6.25', '3.74', '15.44'])
      // A year and a half of history cannot carry a year ahead.
      expect(outlook!.forecasts.find((one) => one.days === 365)!.beyond).toMatch(/more days are needed/)
    } finally {
      await rm(folder, { recursive: true })
    }
  })
})
