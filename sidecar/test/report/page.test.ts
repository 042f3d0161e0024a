import { expect, test } from 'vitest'
import { type PageReport, reportPage } from '../../src/report/page.ts'
import { churnSample, offersSample, segmentsSample } from './sample.ts'

const page = reportPage([churnSample, segmentsSample, offersSample])

test('everything that was asked for is in one file that runs nothing and fetches nothing', () => {
  for (const heading of [
    'Reliability',
    'Lift',
    'Histograms',
    'Boxes',
    'Confusion matrix',
    'Drivers',
    'Hits and misses by name',
    'Segments',
    'Rules between products',
    'What changed',
    'How it does in use',
    'Naive baselines',
  ])
    expect(page).toContain(heading)
  expect(page).not.toMatch(/<script|<link|<img|@import|url\(|https?:|javascript:/i)
  expect(page).toContain('default-src &#39;none&#39;')
  expect(page).toContain('1,140')
  expect(page).toContain('37.0 %')
})

test('names of customers are text, whatever they hold', () => {
  expect(page).toContain('Müller &amp; Söhne &lt;script&gt;alert(1)&lt;/script&gt;')
  expect(page).toContain('&quot;Quoted&quot; Ltd')
})

test('every drawing says in words what it shows, every table has a caption, ids are used once', () => {
  const drawings = page.match(/<svg[^>]*>/g) ?? []
  expect(drawings.length).toBeGreaterThanOrEqual(7)
  for (const drawing of drawings) expect(drawing).toMatch(/role="img" aria-label="[^"]{10,}"/)
  expect(page.match(/<table/g)!.length).toBe(page.match(/<caption/g)!.length)
  const ids = [...page.matchAll(/ id="([^"]+)"/g)].map((found) => found[1])
  expect(new Set(ids).size).toBe(ids.length)
  expect(page).not.toMatch(/NaN|undefined|Infinity|\[object/)
})

test('a report that could judge nothing still makes a page, without empty drawings', () => {
  const bare: PageReport = {
    ...churnSample,
    verdict: 'refuse',
    why: 'too few to judge',
    metrics: {},
    baselines: [],
    candidates: [],
    details: { hits: [], misses: [] },
    drivers: [],
    leaks: [],
    names: {},
  }
  const { matured: _, ...rest } = bare
  const made = reportPage([rest])
  expect(made).toContain('Not published')
  expect(made).not.toContain('<svg')
  expect(made).toContain('Nobody was missed')
  expect(made).not.toMatch(/NaN|undefined/)
})

test('a lift that cannot be told, constant scores and equal boxes draw no NaN', () => {
  const details = {
    ...churnSample.details,
    reliability: [{ said: 0, happened: 0, n: 10 }],
    lift: [{ share: 0.1, n: 1, rate: 0, lift: null, gain: null }],
    spread: {
      happened: Array.from({ length: 20 }, () => 0),
      not: Array.from({ length: 20 }, () => 0),
      happenedBox: null,
      notBox: [0, 0, 0, 0, 0],
    },
    confusion: { threshold: 1, warnedAndHappened: 0, warnedInVain: 0, missed: 0, rightlyQuiet: 0 },
  }
  expect(reportPage([{ ...churnSample, details }])).not.toMatch(/NaN|Infinity/)
})
