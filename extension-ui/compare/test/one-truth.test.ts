import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type Browser, chromium, type Page } from 'playwright-core'
import { buildPanel } from '../../panel-model/src/index.ts'
import { CHROMIUM, withoutChromium } from '../../panel/test/chromium.ts'
import { HOSTILE, RECORDS } from '../../panel/test/records.ts'
import { DIFFERENCES, LEFT_OUT } from './differences.ts'
import { namesIn, textsIn } from './reading.ts'
import { type Case, CUSTOMER, hubspot, salesforce, standAlone, type Surface, sugarcrm } from './surfaces.ts'

const CASES: Readonly<Record<string, Case>> = {
  ...Object.fromEntries(Object.entries(RECORDS).map(([name, { fields }]) => [name, { fields }])),
  contact: { fields: RECORDS['scored']!.fields, on: 'contact' },
}
const REFUSED: Case = { fields: RECORDS['scored']!.fields, refusal: 'It is being moved <b>now</b> {{x}}' }

describe('every surface says the same about the same record', { skip: withoutChromium('one truth on all surfaces') }, () => {
  const open: { browser?: Browser; surfaces: { surface: Surface; page: Page }[] } = { surfaces: [] }
  const used = new Set<object>()
  before(async () => {
    open.browser = await chromium.launch(CHROMIUM)
    for (const start of [standAlone, sugarcrm, hubspot, salesforce]) {
      const surface = await start()
      const page = await open.browser.newPage({
        viewport: { width: 420, height: 700 },
        reducedMotion: 'reduce',
        locale: 'en-US',
        timezoneId: 'UTC',
      })
      page.setDefaultTimeout(20_000)
      await page.goto(surface.url)
      open.surfaces.push({ surface, page })
    }
  })
  after(async () => {
    await open.browser?.close()
    for (const { surface } of open.surfaces) await surface.close()
  })

  /** What can be read, without the differences that are allowed; one text, because surfaces cut it in different places. */
  async function read(surface: Surface, page: Page, given: Case): Promise<string> {
    const own = DIFFERENCES.filter((one) => one.surface === surface.name)
    for (const one of own) if (one.leftOut !== undefined && (await page.locator(one.leftOut).count()) > 0) used.add(one)
    const leftOut = own.flatMap((one) => one.leftOut ?? [])
    let text = (await page.evaluate(textsIn, { inside: surface.inside, leftOut })).join(' ')
    for (const one of own) {
      if (one.says === undefined || !text.includes(one.says[0])) continue
      used.add(one)
      text = text.replaceAll(...one.says)
    }
    if (given.on === 'contact') {
      for (const one of DIFFERENCES) {
        if (one.lacksOnContact === undefined || one.surface === surface.name || !text.includes(one.lacksOnContact)) continue
        used.add(one)
        text = text.replace(one.lacksOnContact, '')
      }
    }
    return text.replace(/\s/g, '')
  }

  /** The same thing from every surface that is not left out, which must be one and the same. */
  async function agreed<T>(
    given: Case | null,
    what: (surface: Surface, page: Page, given: Case) => Promise<T>,
    without: Readonly<Record<string, string>> = {},
  ): Promise<T> {
    const found: [string, T][] = []
    for (const { surface, page } of open.surfaces) {
      if (surface.name in without) continue
      if (given !== null) await surface.show(page, given)
      found.push([surface.name, await what(surface, page, given ?? { fields: {} })])
    }
    const [[, first]] = found as [[string, T]]
    assert.deepEqual(Object.fromEntries(found), Object.fromEntries(found.map(([name]) => [name, first])))
    return first
  }

  const names = async (surface: Surface, page: Page): Promise<readonly string[]> =>
    namesIn(await page.locator(surface.panel).first().ariaSnapshot())

  for (const [name, given] of Object.entries(CASES)) {
    test(`${name}: the words`, async () => {
      const text = await agreed(given, read)
      const view = buildPanel(given.fields, { now: Date.now(), locale: 'en-US' })
      for (const said of [view.notice?.text, view.score?.text, view.action?.text, view.footer])
        assert.ok(text.includes((said ?? '').replace(/\s/g, '')), said)
      if (given.on === 'contact') assert.ok(text.startsWith(`Scoresoftheaccount${CUSTOMER.replace(/\s/g, '')}`), text)
      assert.equal(text.includes('<b>bold</b>'), given.fields.segment?.toString().startsWith(HOSTILE.slice(0, 3)) ?? false)
    })

    test(`${name}: the accessible names, and the sentence for screen readers`, async () => {
      const found = await agreed(given, names, LEFT_OUT.names)
      const view = buildPanel(given.fields, { now: Date.now(), locale: 'en-US' })
      const buttons = found.filter((one) => one.startsWith('button'))
      assert.equal(buttons.length, (view.offers?.items.length ?? 0) * 3)
      const sentence = async (surface: Surface, page: Page): Promise<string> => {
        const where =
          surface.name === 'Salesforce'
            ? '.panel > p.slds-assistive-text'
            : surface.name === 'SugarCRM'
              ? '[data-assay] > [role=status]'
              : 'main > [role=status]'
        return page.locator(where).innerText()
      }
      assert.equal(await agreed(null, sentence, LEFT_OUT.names), view.summary)
    })
  }

  test('error of the CRM: the words', async () => {
    const text = await agreed(REFUSED, read, LEFT_OUT.refusal)
    assert.equal(text, 'ThescorescouldnotbeloadedTheCRMsays:Itisbeingmoved<b>now</b>{{x}}Tryagain')
  })

  test('an answer: on its way, kept, refused, taken back', async () => {
    const scored = CASES['scored']!
    const status = async (page: Page): Promise<string> => {
      const offer = page.locator('.offers li').first()
      const texts = [await offer.getByRole('status').innerText(), ...(await offer.getByRole('alert').allInnerTexts())]
      const down = await offer.locator('button[aria-pressed=true]').allInnerTexts()
      return [...texts.filter((text) => text.trim() !== ''), ...down].join(' | ').replace(/\s+/g, ' ').replaceAll('✓ ', '✓')
    }
    const press =
      (button: string, why: string | null, until: string) =>
      async (surface: Surface, page: Page): Promise<string> => {
        await surface.refuse(page, why)
        await page.locator('.offers li').first().getByRole('button', { name: button }).click()
        await page.locator('.offers li').first().getByText(until).first().waitFor()
        return status(page)
      }
    assert.equal(await agreed(scored, press('Accept', null, 'Saved.'), LEFT_OUT.answer), 'Answer: Accepted. Saved. | ✓Accept')
    assert.equal(
      await agreed(null, press('Not relevant', 'Only <b>owners</b> may.', 'Not saved'), LEFT_OUT.answer),
      'Answer: Accepted | Not saved: Only <b>owners</b> may. | ✓Accept',
    )
    assert.equal(await agreed(null, press('Accept', null, 'taken back'), LEFT_OUT.answer), 'Answer taken back.')
  })

  test('a surface that says something else is found', async () => {
    const scored = CASES['scored']!
    await assert.rejects(
      agreed(scored, async (surface, page) => {
        if (surface.name === 'SugarCRM')
          await page.evaluate(() => document.querySelector('assay-panel')!.shadowRoot!.querySelector('.meaning')!.append(' Really.'))
        return read(surface, page, scored)
      }),
      /Really/,
    )
  })

  test('no difference is named in vain', () => {
    assert.deepEqual(
      DIFFERENCES.filter((one) => !used.has(one)),
      [],
    )
  })
})
