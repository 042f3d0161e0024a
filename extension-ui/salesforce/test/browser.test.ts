import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { AxeBuilder } from '@axe-core/playwright'
import { type Browser, chromium, type Page } from 'playwright-core'
import { buildPanel } from '../../panel-model/src/index.ts'
import { CHROMIUM, withoutChromium } from '../../panel/test/chromium.ts'
import { listening, type Served } from '../../panel/test/listening.ts'
import { squeezed } from '../../panel/test/words.ts'
import { pageScript } from './page/bundle.ts'
import { ACCOUNT, HOSTILE, PAGES, type Shown } from './page/records.ts'
import { pageServer, type Theme, THEMES } from './page/server.ts'
import { wordsOf } from './page/words.ts'

const SCORED = PAGES['scored']!
/** As wide as a column of a record page may be: a phone, the right column, the main column. */
const WIDTHS = [300, 420, 900]

interface Org {
  slow: string[]
  errors: Record<string, unknown>
  records: Record<string, Record<string, unknown>>
  refusal: unknown
  held: boolean
  saves: { input: { fields: Record<string, unknown> }; options?: { ifUnmodifiedSince: string } }[]
  asked: string[]
}
declare global {
  interface Window {
    org: Org
    orgChanged(): void
    mountPanel(record: Record<string, unknown>): void
    seen: string[]
  }
}

const left = withoutChromium('the component in a browser')

describe('the component in Chromium, with the real compiler and base components', { skip: left, concurrency: 3 }, () => {
  let served: Served
  let browser: Browser
  before(async () => {
    served = await listening(pageServer(await pageScript()))
    browser = await chromium.launch(CHROMIUM)
  })
  after(async () => {
    await browser?.close()
    await served?.close()
  })

  /** Opens a record page without a record; what the browser complains about is collected. */
  async function blank(theme: Theme) {
    const page = await browser.newPage({ viewport: { width: 420, height: 700 }, reducedMotion: 'reduce' })
    const complaints: string[] = []
    page.on('pageerror', (error) => complaints.push(String(error)))
    page.on('console', (message) => {
      if (message.type() !== 'log') complaints.push(message.text())
    })
    await page.goto(`${served.url}/${theme}`)
    return { page, complaints }
  }

  /** Puts the panel of a record on the page. `slow`: ids about which the org does not answer yet. */
  async function mount(page: Page, shown: Shown, { ready = true, slow = [] as string[], set = {} } = {}): Promise<void> {
    await page.evaluate(
      ({ shown: { records, errors, locked, recordId, objectApiName }, waitFor, more }) => {
        Object.assign(window.org, { records, errors: errors ?? {}, locked: locked ?? [], slow: waitFor, saves: [], refusal: null })
        window.mountPanel({ recordId, objectApiName, ...more })
      },
      { shown, waitFor: slow, more: set },
    )
    if (!ready) return
    await page.locator('.panel:not(.waiting)').waitFor()
    // The buttons come once the right to press them is known.
    await page.locator('.answers:empty').waitFor({ state: 'detached' })
  }

  async function visit(shown: Shown, more: { theme?: Theme; ready?: boolean; slow?: string[]; set?: object } = {}) {
    const visited = await blank(more.theme ?? 'slds1')
    await mount(visited.page, shown, more)
    return visited
  }

  /** Every text that a person has seen on the page from now on, frame by frame; shadow roots hide their changes from observers. */
  const watch = (page: Page): Promise<void> =>
    page.evaluate(() => {
      const main = document.querySelector('main')!
      window.seen = []
      const look = (): void => {
        if (window.seen.at(-1) !== main.innerText) window.seen.push(main.innerText)
        requestAnimationFrame(look)
      }
      look()
    })

  const expected = (shown: Shown): string => {
    const view = buildPanel(shown.fields!, { now: Date.now(), locale: 'en-US', headingLevel: 3 })
    return squeezed(['Assay', ...wordsOf(view, shown.locked === undefined)].join(''))
  }
  const read = (page: Page): Promise<string> => page.locator('main').innerText()

  const folder = process.env['ASSAY_SCREENSHOTS']
  async function looksRight(page: Page, name: string, theme: string): Promise<void> {
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 700 })
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
      assert.ok(wide <= 0, `${name} scrolls sideways at ${width} px in ${theme}`)
      if (folder !== undefined) await page.locator('c-assay-panel').screenshot({ path: join(folder, `${name}-${theme}-${width}.png`) })
    }
    await page.setViewportSize({ width: WIDTHS[0]!, height: 700 })
    // One frame only, so no other page is needed to gather the results.
    const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze()
    assert.deepEqual(
      violations.map((one) => `${theme}: ${one.id} ${one.nodes.map((node) => node.html).join(' ')}`),
      [],
    )
  }

  for (const theme of Object.keys(THEMES) as Theme[]) {
    test(`every state in ${theme}: what the panel model says; accessible, no side scroll, no complaint`, async (t) => {
      const { page, complaints } = await blank(theme)
      for (const [name, shown] of Object.entries(PAGES)) {
        await t.test(name, async () => {
          await mount(page, shown)
          const text = await read(page)
          for (const words of shown.says) assert.ok(text.includes(words), `“${words}” is not in: ${text}`)
          if (shown.fields !== null) assert.equal(squeezed(text).replace(squeezed(shown.says.join('')), ''), expected(shown))
          await looksRight(page, name, theme)
        })
      }
      await t.test('while nothing is known, nothing is said', async () => {
        await mount(page, SCORED, { ready: false, slow: [ACCOUNT] })
        await page.locator('.waiting').waitFor()
        assert.equal(squeezed(await read(page)), 'AssayLoadingthescores')
        await looksRight(page, 'loading', theme)
      })
      await t.test('an answer that Salesforce refuses: the old one stands again, and the reason beside it', async () => {
        await mount(page, SCORED)
        await page.evaluate(() => {
          window.org.refusal = { status: 400, body: { output: { errors: [{ message: 'Only <b>owners</b> may answer offers.' }] } } }
        })
        const group = page.getByRole('group', { name: 'Your answer to Hydraulic oil 20 l' })
        await group.getByRole('button', { name: 'Not relevant' }).click()
        assert.equal(await page.getByRole('alert').innerText(), 'Not saved: Only <b>owners</b> may answer offers.')
        assert.equal(await group.getByRole('button', { name: 'Not relevant' }).getAttribute('aria-pressed'), 'false')
        assert.equal(await group.getByRole('button', { name: 'Not now' }).getAttribute('aria-pressed'), 'true')
        await looksRight(page, 'refused', theme)
      })
      assert.deepEqual(complaints, [])
      await page.close()
    })
  }

  test('a contact: nothing but the placeholder stands there until the account has answered', async () => {
    const { page } = await blank('slds1')
    await watch(page)
    await mount(page, PAGES['contact']!, { ready: false, slow: [ACCOUNT] })
    await page.waitForFunction((id) => window.org.asked.includes(id), ACCOUNT)
    await page.evaluate(() => {
      window.org.slow = []
      window.orgChanged()
    })
    await page.locator('.answer').first().waitFor()
    const states = (await page.evaluate(() => window.seen)).map(squeezed).map((text) => (text.includes('72%') ? 'score' : text))
    assert.deepEqual([...new Set(states)], ['', 'AssayLoadingthescores', 'score'])
    await page.close()
  })

  test('the next record of the same page starts from the placeholder, not from the last score', async () => {
    const { page } = await visit(SCORED)
    const other = '001000000000002AAA'
    await page.evaluate((id) => {
      window.org.slow = [id]
      const panel = document.querySelector('c-assay-panel') as unknown as { recordId: string }
      panel.recordId = id
    }, other)
    await page.locator('.waiting').waitFor()
    await watch(page)
    assert.equal(squeezed(await read(page)), 'AssayLoadingthescores')
    await page.evaluate((id) => {
      window.org.records[id] = { Assay_churn_risk__c: 8, Assay_churn_band__c: 'Low' }
      window.org.slow = []
      window.orgChanged()
    }, other)
    await page.locator('.number', { hasText: '8 %' }).waitFor()
    const states = (await page.evaluate(() => window.seen)).map(squeezed).map((text) => (text.includes('risk8percent') ? 'score' : text))
    assert.deepEqual(states, ['AssayLoadingthescores', 'score'])
    await page.close()
  })

  test('new scores come in by themselves', async () => {
    const { page } = await visit(SCORED)
    await page.evaluate((id) => {
      window.org.records[id]!['Assay_churn_risk__c'] = 41
      window.orgChanged()
    }, ACCOUNT)
    await page.locator('.number', { hasText: '41 %' }).waitFor()
    await page.close()
  })

  test('an answer by keyboard: shown at once, stored with its day, kept in focus, taken back by pressing again', async () => {
    const { page, complaints } = await visit(SCORED)
    const group = page.getByRole('group', { name: 'Your answer to Seal kit 40 mm' })
    const accept = group.getByRole('button', { name: 'Accept' })
    const status = page.locator('.offers li').first().getByRole('status')
    for (let i = 0; i < 2; i++) await page.keyboard.press('Tab')
    assert.equal(await accept.evaluate((button) => button.matches(':focus')), true)
    const ring = await accept.evaluate((button) => getComputedStyle(button).outlineStyle + getComputedStyle(button).boxShadow)
    assert.notEqual(ring, 'nonenone', 'the focus is not to be seen')

    await page.evaluate(() => (window.org.held = true))
    await page.keyboard.press('Enter')
    await status.getByText('Saving …').waitFor()
    assert.equal(await accept.getAttribute('aria-pressed'), 'true')
    await page.evaluate(() => (window.org.held = false))
    await status.getByText('Answer: Accepted. Saved.').waitFor()
    assert.equal(await accept.getAttribute('aria-pressed'), 'true')
    assert.equal(await accept.evaluate((button) => button.matches(':focus')), true)

    await page.keyboard.press('Space')
    await page.waitForFunction(() => window.org.saves.length === 2)
    await status.getByText('Answer taken back.').waitFor()
    assert.equal(await accept.getAttribute('aria-pressed'), 'false')
    const saves = await page.evaluate(() => window.org.saves)
    assert.equal(saves[0]!.input.fields['Assay_offer_1_response__c'], 'Accepted')
    assert.match(String(saves[0]!.input.fields['Assay_offer_1_response_at__c']), /^\d{4}-\d\d-\d\d$/)
    assert.equal(saves[0]!.options?.ifUnmodifiedSince, '2026-11-21T03:00:00.000Z')
    assert.equal(saves[1]!.input.fields['Assay_offer_1_response__c'], null)
    assert.deepEqual(complaints, [])
    await page.close()
  })

  test('after an error, “Try again” asks Salesforce once more', async () => {
    const { page } = await visit(PAGES['down']!)
    await page.evaluate(({ records }) => Object.assign(window.org, { errors: {}, records }), SCORED)
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.locator('.number', { hasText: '72 %' }).waitFor()
    await page.close()
  })

  test('text from fields stays text', async () => {
    const { page } = await visit(PAGES['hostile']!)
    const made = await page.evaluate(() => document.querySelectorAll('main b, main img, main script').length)
    assert.equal(made, 0)
    assert.equal(await page.title(), 'Record page')
    const text = await read(page)
    assert.ok(text.includes(HOSTILE.slice(0, 20)))
    assert.doesNotMatch(text, /[\u202a-\u202e]/)
    await page.close()
  })

  test('what an admin sets: title, no offers, when a score is out of date', async () => {
    const { page } = await visit(SCORED, { set: { cardTitle: 'Customer health', hideOffers: true, staleAfterDays: 0.5 } })
    const text = await read(page)
    assert.match(text, /^Customer health/)
    assert.doesNotMatch(text, /Seal kit/)
    assert.match(text, /This score may be out of date/)
    await page.close()
  })

  test('the check of accessibility sees inside the component', async () => {
    const { page } = await visit(PAGES['contact']!)
    await page.addStyleTag({ content: '.quiet { color: #bbb !important }' })
    const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze()
    assert.deepEqual(
      violations.map((one) => one.id),
      ['color-contrast'],
    )
    await page.close()
  })
})
