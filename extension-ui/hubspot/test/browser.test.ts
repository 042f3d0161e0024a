import { join } from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildPanel } from '../../panel-model/src/index.ts'
import { CHROMIUM, withoutChromium } from '../../panel/test/chromium.ts'
import { squeezed } from '../../panel/test/words.ts'
import type { Portal, Save } from './page/portal.ts'
import { PAGES } from './page/records.ts'
import { startCardPage } from './page/server.ts'
import { wordsOf } from './page/words.ts'

declare global {
  interface Window {
    showCard(portal: Portal): void
    changePortal(change: Partial<Portal>): void
    saves: Save[]
    seen: string[]
  }
}

/** As wide as a sidebar, a preview and a tab may be. */
const WIDTHS = [300, 420, 900]
const folder = process.env['ASSAY_SCREENSHOTS']

describe.skipIf(withoutChromium('the card in a browser'))("the card in Chromium, made by HubSpot's own production build", () => {
  let served: Awaited<ReturnType<typeof startCardPage>>
  let browser: Browser
  beforeAll(async () => {
    served = await startCardPage()
    browser = await chromium.launch(CHROMIUM)
  })
  afterAll(async () => {
    await browser?.close()
    await served?.close()
  })

  async function blank() {
    const page = await browser.newPage({ viewport: { width: 420, height: 700 }, reducedMotion: 'reduce' })
    const complaints: string[] = []
    page.on('pageerror', (error) => complaints.push(String(error)))
    page.on('console', (message) => void complaints.push(message.text()))
    await page.goto(served.url)
    return { page, complaints }
  }
  async function show(page: Page, portal: Portal): Promise<void> {
    await page.evaluate((given) => window.showCard(given), portal)
    await page.locator('#card .flex').first().waitFor()
  }
  /** What can be read; the words of a list to choose from are HubSpot's. */
  const read = (page: Page): Promise<string> =>
    page.evaluate(() => {
      const main = document.querySelector<HTMLElement>('#card')!
      for (const list of main.querySelectorAll('select')) list.style.display = 'none'
      const text = main.innerText
      for (const list of main.querySelectorAll('select')) list.style.display = ''
      return text
    })

  for (const [name, { portal, fields, says }] of Object.entries(PAGES)) {
    test(`${name}: what the panel model says; accessible, no side scroll, no complaint`, async () => {
      const { page, complaints } = await blank()
      await show(page, portal)
      const text = await read(page)
      for (const words of says) expect(text).toContain(words)
      if (fields !== null) {
        const view = buildPanel(fields, { now: Date.now(), locale: 'en-us', headingLevel: 3 })
        const own = says.length === 0
        expect(squeezed(text)).toBe(squeezed([...(own ? [] : says), ...wordsOf(view, own)].join('')))
      }
      for (const width of WIDTHS) {
        await page.setViewportSize({ width, height: 700 })
        expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBeLessThanOrEqual(
          0,
        )
        if (folder !== undefined) await page.screenshot({ path: join(folder, `${name}-${width}.png`), fullPage: true })
      }
      await page.setViewportSize({ width: WIDTHS[0]!, height: 700 })
      const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze()
      expect(violations.map((one) => `${one.id} ${one.nodes.map((node) => node.html).join(' ')}`)).toEqual([])
      expect(complaints).toEqual([])
      await page.close()
    })
  }

  test('an answer chosen on a company is saved in its property, and the card says so', async () => {
    const { page } = await blank()
    await show(page, PAGES['scored']!.portal)
    await page.getByLabel('Offer 1 response').selectOption('Accepted')
    await page.getByText('Answer: Accepted').waitFor()
    expect(await page.evaluate(() => window.saves)).toEqual([{ record: '0-2:7001', property: 'assay_offer_1_response', value: 'Accepted' }])
    await page.close()
  })

  test('chosen on a contact it is saved on the company', async () => {
    const { page } = await blank()
    await show(page, PAGES['contact']!.portal)
    await page.getByLabel('Offer 1 response').selectOption('Not relevant')
    expect(await page.evaluate(() => window.saves)).toEqual([
      { record: '0-2:7001', property: 'assay_offer_1_response', value: 'Not relevant' },
    ])
    await page.close()
  })

  test('nothing wrong is shown on the way: first a placeholder, then the card, and new values without one', async () => {
    const { page } = await blank()
    const { portal } = PAGES['contact']!
    await page.evaluate(() => {
      const main = document.querySelector<HTMLElement>('#card')!
      window.seen = []
      const look = (): void => {
        if (window.seen.at(-1) !== main.innerText) window.seen.push(main.innerText)
        requestAnimationFrame(look)
      }
      look()
    })
    await page.evaluate((given) => window.showCard(given), { ...portal, held: true })
    await page.getByLabel('Loading the scores').waitFor()
    await page.evaluate(() => window.changePortal({ held: false }))
    await page.getByText('72 %').first().waitFor()
    await page.evaluate((records) => window.changePortal({ records }), {
      ...portal.records,
      '0-1:11': { assay_churn_risk: '55', assay_churn_band: 'Medium' },
    })
    await page.getByText('55 %').first().waitFor()
    const seen = (await page.evaluate(() => window.seen)).filter((text) => text.trim() !== '')
    for (const text of seen) expect(text).toMatch(/72 %|55 %/)
    await page.close()
  })

  test('after an error the card asks again, and shows what comes', async () => {
    const { page } = await blank()
    await show(page, PAGES['down']!.portal)
    await page.evaluate(() => window.changePortal({ error: null }))
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.getByText('72 %').first().waitFor()
    await page.close()
  })
})
