import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { AxeBuilder } from '@axe-core/playwright'
import { type Browser, chromium, type Page } from 'playwright-core'
import { buildPanel } from '../../panel-model/src/index.ts'
import { CHROMIUM, withoutChromium } from '../../panel/test/chromium.ts'
import { listening, type Served } from '../../panel/test/listening.ts'
import { visibleText } from '../../panel/test/visible-text.ts'
import { squeezed } from '../../panel/test/words.ts'
import { wordsOf } from '../../salesforce/test/page/words.ts'
import { DASHLET, packagedFile } from './dashlet.ts'
import { ACCOUNT, HOSTILE, PAGES, type Shown } from './page/records.ts'
import { pageServer } from './page/server.ts'

const SCORED = PAGES['scored']!
/** As wide as the pane beside a record may be: a phone, the pane, a dashboard of one column. */
const WIDTHS = [300, 420, 900]
const FILES = { js: packagedFile('assay-panel.js'), hbs: packagedFile('assay-panel.hbs') }

interface Org {
  slow: string[]
  errors: Record<string, unknown>
  records: Record<string, Record<string, Record<string, unknown>>>
  refusals: unknown[]
  held: boolean
  saves: { module: string; id: string; data: Record<string, unknown>; headers: Record<string, string> }[]
  asked: { module: string; id: string; fields: string[] }[]
}
declare global {
  interface Window {
    org: Org
    dashlet: { dispose(): void; loadData(options?: object): void; render(): void }
    LABELS: Record<string, string>
    mountDashlet(how: object): void
  }
}

describe('the dashlet in Chromium, in a stand-in of Sidecar', { skip: withoutChromium('the dashlet in a browser'), concurrency: 3 }, () => {
  let served: Served
  let browser: Browser
  before(async () => {
    served = await listening(pageServer())
    browser = await chromium.launch(CHROMIUM)
  })
  after(async () => {
    await browser?.close()
    await served?.close()
  })

  /** Opens a record page without a record; what the browser complains about is collected. */
  async function blank() {
    const page = await browser.newPage({ viewport: { width: 420, height: 700 }, reducedMotion: 'reduce' })
    page.setDefaultTimeout(8_000)
    const complaints: string[] = []
    page.on('pageerror', (error) => complaints.push(String(error)))
    page.on('console', (message) => {
      if (message.type() !== 'log') complaints.push(message.text())
    })
    await page.goto(served.url)
    return { page, complaints }
  }

  async function mount(page: Page, shown: Shown, { ready = true, slow = [] as string[], how = {} } = {}): Promise<void> {
    await page.evaluate(
      ({ shown: { records, errors, locked, module, id }, waitFor, files, more }) => {
        Object.assign(window.org, {
          records,
          errors: errors ?? {},
          locked: locked ?? [],
          slow: waitFor,
          saves: [],
          refusals: [],
          asked: [],
        })
        window.mountDashlet({ module, id, files, settings: {}, ...more })
      },
      { shown, waitFor: slow, files: FILES, more: how },
    )
    if (ready) await page.locator('assay-panel').waitFor()
  }

  async function visit(shown: Shown, more: Parameters<typeof mount>[2] = {}) {
    const visited = await blank()
    await mount(visited.page, shown, more)
    return visited
  }

  const theme = (page: Page, name: string): Promise<void> =>
    page.evaluate((scheme) => void (document.body.className = `sugar-${scheme}-theme`), name)
  const expected = (shown: Shown): string => {
    const [summary, ...words] = wordsOf(
      buildPanel(shown.fields!, { now: Date.now(), locale: 'en-US', headingLevel: 4 }),
      shown.locked === undefined,
    )
    return squeezed(['Assay', ...words, summary].join(''))
  }
  const read = (page: Page): Promise<string> => page.evaluate(visibleText, 'main')

  const folder = process.env['ASSAY_SCREENSHOTS']
  async function looksRight(page: Page, name: string): Promise<void> {
    for (const scheme of ['light', 'dark']) {
      await theme(page, scheme)
      for (const width of WIDTHS) {
        await page.setViewportSize({ width, height: 700 })
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
        assert.ok(wide <= 0, `${name} scrolls sideways at ${width} px`)
        if (folder !== undefined) await page.locator('.dashlet').screenshot({ path: join(folder, `${name}-${scheme}-${width}.png`) })
      }
      await page.setViewportSize({ width: WIDTHS[0]!, height: 700 })
      // One frame only, so no other page is needed to gather the results.
      const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze()
      assert.deepEqual(
        violations.map((one) => `${scheme}: ${one.id} ${one.nodes.map((node) => node.html).join(' ')}`),
        [],
      )
    }
  }

  test('every state: what the panel model says; accessible, no side scroll, no complaint, light and dark', async (t) => {
    const { page, complaints } = await blank()
    for (const [name, shown] of Object.entries(PAGES)) {
      await t.test(name, async () => {
        await mount(page, shown)
        const text = await read(page)
        for (const words of shown.says) assert.ok(text.includes(words), `“${words}” is not in: ${text}`)
        if (shown.fields !== null) assert.equal(squeezed(text).replace(squeezed(shown.says.join('')), ''), expected(shown))
        await looksRight(page, name)
      })
    }
    await t.test('while nothing is known, nothing is said', async () => {
      await mount(page, SCORED, { ready: false, slow: [ACCOUNT] })
      assert.equal(squeezed(await read(page)), 'AssayLoading…')
      await looksRight(page, 'loading')
    })
    assert.deepEqual(complaints, [])
    await page.close()
  })

  test('not scored is null, no access is a field that is not there', async () => {
    const { page } = await blank()
    await mount(page, PAGES['unscored']!)
    assert.match(await read(page), /No churn score/)
    await mount(page, PAGES['noAccess']!)
    assert.match(await read(page), /You cannot see the scores/)
    await page.close()
  })

  test('an answer by keyboard: shown at once, stored with its day, kept in focus, taken back by pressing again', async () => {
    const { page, complaints } = await visit(SCORED)
    const group = page.getByRole('group', { name: 'Your answer to Seal kit 40 mm' })
    const accept = group.getByRole('button', { name: 'Accept' })
    const offer = page.locator('assay-panel .offers li').first()
    for (let i = 0; i < 2; i++) await page.keyboard.press('Tab')
    const focused = (): Promise<boolean> => accept.evaluate((button) => button.matches(':focus'))
    assert.equal(await focused(), true)
    assert.equal(
      await accept.evaluate((button) => getComputedStyle(button).outlineStyle + getComputedStyle(button).outlineWidth),
      'solid3px',
    )

    await page.evaluate(() => (window.org.held = true))
    await page.keyboard.press('Enter')
    await offer.getByText('Saving …').waitFor()
    assert.equal(await accept.getAttribute('aria-pressed'), 'true')
    await page.evaluate(() => (window.org.held = false))
    await offer.getByText('Answer: Accepted. Saved.').waitFor()
    assert.equal(await focused(), true)

    await page.keyboard.press('Space')
    await offer.getByText('Answer taken back.').waitFor()
    assert.equal(await accept.getAttribute('aria-pressed'), 'false')
    const [first, second] = await page.evaluate(() => window.org.saves)
    assert.deepEqual(Object.keys(first!.data).sort(), ['assay_offer_1_response_at_c', 'assay_offer_1_response_c'])
    assert.equal(first!.data['assay_offer_1_response_c'], 'Accepted')
    assert.match(String(first!.data['assay_offer_1_response_at_c']), /^\d{4}-\d\d-\d\d$/)
    assert.deepEqual([first!.module, first!.id, first!.headers], ['Accounts', ACCOUNT, { 'X-TIMESTAMP': '2026-11-21T03:00:00+00:00' }])
    // The stamp of the change that it made itself.
    assert.deepEqual([second!.data['assay_offer_1_response_c'], second!.data['assay_offer_1_response_at_c']], ['', null])
    assert.deepEqual(second!.headers, { 'X-TIMESTAMP': '2026-11-22T09:00:01+00:00' })
    assert.deepEqual(complaints, [])
    await page.close()
  })

  test('an answer on a contact goes to the account whose offers are shown', async () => {
    const { page } = await visit(PAGES['contact']!)
    await page.getByRole('group', { name: 'Your answer to Seal kit 40 mm' }).getByRole('button', { name: 'Not relevant' }).click()
    await page.locator('assay-panel').getByText('Answer: Not relevant. Saved.').waitFor()
    assert.deepEqual(await page.evaluate(() => window.org.saves.map(({ module, id }) => `${module} ${id}`)), [`Accounts ${ACCOUNT}`])
    await page.close()
  })

  test('an answer that Sugar refuses: the old one stands again, and the reason beside it', async () => {
    const { page } = await visit(SCORED)
    await page.evaluate(() =>
      window.org.refusals.push({ status: 403, code: 'not_authorized', message: 'Only <b>owners</b> may {{answer}}.' }),
    )
    const group = page.getByRole('group', { name: 'Your answer to Hydraulic oil 20 l' })
    await group.getByRole('button', { name: 'Not relevant' }).click()
    await page.getByRole('alert').getByText('Not saved: Only <b>owners</b> may {{answer}}.', { exact: true }).waitFor()
    assert.equal(await group.getByRole('button', { name: 'Not relevant' }).getAttribute('aria-pressed'), 'false')
    assert.equal(await group.getByRole('button', { name: 'Not now' }).getAttribute('aria-pressed'), 'true')
    await looksRight(page, 'refused')
    await page.close()
  })

  test('somebody else changed the record: an answer to the same offer is saved, one to an offer that is gone is not', async () => {
    const { page } = await visit(SCORED)
    await page.evaluate((id) => (window.org.records['Accounts']![id]!['date_modified'] = '2026-11-22T08:00:00+00:00'), ACCOUNT)
    const offers = page.locator('assay-panel .offers li')
    await offers.first().getByRole('button', { name: 'Accept' }).click()
    await offers.first().getByText('Answer: Accepted. Saved.').waitFor()
    await page.evaluate((id) => {
      Object.assign(window.org.records['Accounts']![id]!, {
        date_modified: '2026-11-22T10:00:00+00:00',
        assay_offer_2_c: 'Gasket',
        assay_offer_2_code_c: 'GA',
      })
    }, ACCOUNT)
    await offers.nth(1).getByRole('button', { name: 'Accept' }).click()
    await offers.nth(1).getByText('Not saved: this customer was changed while the page was open. Look again, then answer.').waitFor()
    assert.equal(await page.evaluate((id) => window.org.records['Accounts']![id]!['assay_offer_2_response_c'], ACCOUNT), 'Not now')
    await page.close()
  })

  test('after an error, “Try again” asks Sugar once more', async () => {
    const { page } = await visit(PAGES['down']!)
    await page.evaluate(({ records }) => Object.assign(window.org, { errors: {}, records }), { records: SCORED.records })
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.locator('assay-panel .number', { hasText: '72 %' }).waitFor()
    await page.close()
  })

  test('text from fields stays text, braces of Handlebars included', async () => {
    const { page } = await visit(PAGES['hostile']!)
    const made = await page.evaluate(() => {
      const roots = [document, document.querySelector('assay-panel')!.shadowRoot!]
      return roots.map((root) => root.querySelectorAll('b, img').length + root.querySelectorAll('main script').length)
    })
    assert.deepEqual(made, [0, 0])
    assert.equal(await page.title(), 'SugarCRM')
    const text = await read(page)
    assert.ok(text.includes(HOSTILE.slice(0, 20)))
    assert.ok(text.includes('{{x}}'))
    assert.doesNotMatch(text, /[\u202a-\u202e]/)
    await page.close()
  })

  test('asks Sugar for its own fields, also where its context is that of a dashboard, and for nothing twice', async () => {
    const { page } = await visit(PAGES['contact']!, { how: { inDashboard: true } })
    const asked = await page.evaluate(() => window.org.asked)
    assert.deepEqual(
      asked.map(({ module, id }) => `${module} ${id}`),
      ['Contacts c1c1c1c1-0000-11ee-8000-000000000001', `Accounts ${ACCOUNT}`],
    )
    assert.ok(asked[1]!.fields.includes('assay_churn_risk_c') && asked[0]!.fields.includes('account_id'))
    await page.close()
  })

  test('rendered again by Sugar it stays as it is; closed, it does nothing more; configured, it shows no record', async () => {
    const { page, complaints } = await visit(SCORED)
    const text = await read(page)
    await page.evaluate(() => window.dashlet.render())
    assert.equal(await read(page), text)
    await page.evaluate(() => {
      window.dashlet.loadData()
      window.dashlet.dispose()
    })
    await mount(page, SCORED, { ready: false, how: { view: 'config' } })
    assert.equal(squeezed(await read(page)), 'Assay')
    assert.equal(await page.evaluate(() => window.org.asked.length), 0)
    assert.deepEqual(complaints, [])
    await page.close()
  })

  test('what an admin sets: when a score is out of date', async () => {
    const { page } = await visit(SCORED, { how: { settings: { stale_after_days: '0.5' } } })
    assert.match(await read(page), /This score may be out of date/)
    await page.close()
  })

  test('fresh data that Sugar asks for tells it when it is there', async () => {
    const { page } = await visit(SCORED)
    await page.evaluate((id) => {
      window.org.records['Accounts']![id]!['assay_churn_risk_c'] = '41.00'
      return new Promise<void>((resolve) => window.dashlet.loadData({ complete: () => resolve() }))
    }, ACCOUNT)
    await page.locator('assay-panel .number', { hasText: '41 %' }).waitFor()
    await page.close()
  })

  test('the check of accessibility sees inside the element', async () => {
    const { page } = await visit(SCORED)
    await page.evaluate(() => {
      const sheet = new CSSStyleSheet()
      sheet.replaceSync('.meaning { color: #bbb }')
      document.querySelector('assay-panel')!.shadowRoot!.adoptedStyleSheets.push(sheet)
    })
    const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze()
    assert.deepEqual(
      violations.map((one) => one.id),
      ['color-contrast'],
    )
    await page.close()
  })

  test('the package carries the dashlet, and Sidecar can read each part', () => {
    assert.deepEqual(Object.keys(DASHLET).sort(), [
      'custom/Extension/application/Ext/Language/en_us.assay_panel.php',
      'custom/clients/base/views/assay-panel/assay-panel.hbs',
      'custom/clients/base/views/assay-panel/assay-panel.js',
      'custom/clients/base/views/assay-panel/assay-panel.php',
    ])
  })
})
