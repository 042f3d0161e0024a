import { createServer, type IncomingMessage, type Server } from 'node:http'
import { join } from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { LINK_OVER_PAGE, PAGE_SCRIPT, PAGE_STYLE, PANEL_PAGE, panelHeaders, UNAVAILABLE_PAGE } from '../src/index.ts'
import { CHROMIUM, withoutChromium } from './chromium.ts'
import { listening, type Served } from './listening.ts'
import { HOSTILE, RECORDS } from './records.ts'

const OVER = { title: 'This link is over', text: 'Get a new one where you got this one.' }

/** Answers as the sidecar does: the same page, files and headers, with records that are made up. */
function serve(): Server {
  return createServer((request, response) => {
    const path = request.url ?? ''
    const send = (type: string, body: string, status = 200): void => {
      response.writeHead(status, { ...panelHeaders([]), 'Content-Type': `${type}; charset=utf-8` }).end(body)
    }
    if (path === '/panel-assets/page.js') return send('text/javascript', PAGE_SCRIPT)
    if (path === '/panel-assets/page.css') return send('text/css', PAGE_STYLE)
    if (path === '/panel/over') return send('text/html', LINK_OVER_PAGE, 403)
    if (path === '/panel/unavailable') return send('text/html', UNAVAILABLE_PAGE, 503)
    const name = path.split('/')[2] ?? ''
    if (path.endsWith('/answer'))
      return void answered(request).then(([status, text]) => send('application/json', JSON.stringify({ text }), status))
    if (!path.endsWith('/data')) return send('text/html', PANEL_PAGE)
    if (name === 'endedLater') return send('application/json', JSON.stringify(OVER), 403)
    if (name === 'down') return request.socket.destroy()
    if (name === 'loading') return undefined
    const record = RECORDS[name]!
    const from = record.from === undefined ? null : { object: 'account', name: record.from }
    const answerKey = name === 'medium' ? null : 'key'
    return send('application/json', JSON.stringify({ name: record.name, fields: record.fields, from, staleAfterDays: 10, answerKey }))
  })
}

/** What was answered on a page, and what the sidecar is to say to it. */
const sent: { offer: string; rank: number; value: string | null; day: string }[] = []
const says: { status: number; text: string; wait: Promise<void> } = { status: 200, text: '', wait: Promise.resolve() }
async function answered(request: IncomingMessage): Promise<readonly [number, string]> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  if (request.headers['x-assay-answer'] !== 'key' || request.headers['content-type'] !== 'application/json') return [403, 'no key']
  sent.push(JSON.parse(Buffer.concat(chunks).toString()) as (typeof sent)[number])
  await says.wait
  return [says.status, says.text]
}

const PAGES = [...Object.keys(RECORDS), 'loading', 'down', 'endedLater', 'over', 'unavailable']

const left = withoutChromium('panel in a browser')
if (left) {
  test.skip(left, () => undefined)
} else {
  describe('the panel in Chromium', { timeout: 60_000 }, () => {
    let served: Served
    let browser: Browser
    beforeAll(async () => {
      served = await listening(serve())
      browser = await chromium.launch(CHROMIUM)
    }, 60_000)
    afterAll(async () => {
      await browser?.close()
      await served?.close()
    })

    /** Opens one page; what the browser complains about is collected. */
    async function visit(context: BrowserContext, name: string): Promise<{ page: Page; complaints: string[] }> {
      const page = await context.newPage()
      const complaints: string[] = []
      page.on('pageerror', (error) => complaints.push(String(error)))
      // A status that the test asked for is reported by the browser as well; a policy that was broken is not of that kind.
      page.on('console', (message) => {
        if (message.type() !== 'log' && !message.text().startsWith('Failed to load resource')) complaints.push(message.text())
      })
      await page.goto(`${served.url}/panel/${name}`)
      await page
        .locator(name === 'loading' ? '.status' : name === 'over' || name === 'unavailable' ? 'h1' : 'assay-panel')
        .first()
        .waitFor()
      return { page, complaints }
    }

    const folder = process.env['ASSAY_SCREENSHOTS']
    test.each(PAGES)('%s: accessible, no side scroll, no complaint; light and dark, 320 to 1200 px', async (name) => {
      const context = await browser.newContext({ reducedMotion: 'reduce', locale: 'en-GB' })
      const { page, complaints } = await visit(context, name)
      for (const width of [320, 360, 900, 1200]) {
        await page.setViewportSize({ width, height: width < 900 ? 640 : 500 })
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
        expect(wide, `scrolls sideways at ${width} px`).toBeLessThanOrEqual(0)
        for (const colorScheme of width === 360 || width === 900 ? (['light', 'dark'] as const) : []) {
          await page.emulateMedia({ colorScheme })
          if (folder !== undefined) await page.screenshot({ path: join(folder, `${name}-${colorScheme}-${width}.png`), fullPage: true })
          // One frame only, so no other page is needed to gather the results.
          const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze()
          expect(violations.map((one) => `${colorScheme} ${width}: ${one.id} ${one.nodes.map((node) => node.html).join(' ')}`)).toEqual([])
        }
      }
      expect(complaints).toEqual([])
      await context.close()
    })

    test('the check of accessibility sees inside the element', async () => {
      const context = await browser.newContext({ colorScheme: 'light' })
      const { page } = await visit(context, 'scored')
      await page.evaluate(() => {
        const sheet = new CSSStyleSheet()
        sheet.replaceSync('.meaning { color: #bbb }')
        document.querySelector('assay-panel')!.shadowRoot!.adoptedStyleSheets.push(sheet)
      })
      const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze()
      expect(violations.map((one) => one.id)).toEqual(['color-contrast'])
      await context.close()
    })

    test('text from fields stays text', async () => {
      const context = await browser.newContext()
      const { page } = await visit(context, 'hostile')
      const found = await page.evaluate(() => {
        const root = document.querySelector('assay-panel')!.shadowRoot!
        return {
          made: root.querySelectorAll('b, img, script').length + document.querySelectorAll('b, img').length,
          text: root.textContent,
          title: document.title,
        }
      })
      expect(found.made).toBe(0)
      expect(found.text).toContain(HOSTILE.slice(0, 20))
      expect(found.text).not.toMatch(/[\u202a-\u202e]/)
      expect(found.title).toContain('<b>bold</b>')
      await context.close()
    })

    test('the keyboard reaches what can be opened, and the focus is seen', async () => {
      const context = await browser.newContext({ viewport: { width: 900, height: 900 } })
      const { page } = await visit(context, 'scored')
      const focused = (): Promise<{ tag: string; outline: string }> =>
        page.evaluate(() => {
          const element = document.activeElement!.shadowRoot!.activeElement!
          return { tag: element.tagName, outline: getComputedStyle(element).outlineStyle + getComputedStyle(element).outlineWidth }
        })
      await page.keyboard.press('Tab')
      expect(await focused()).toEqual({ tag: 'SUMMARY', outline: 'solid3px' })
      await page.keyboard.press('Enter')
      expect(await page.locator('assay-panel table').isVisible()).toBe(true)
      for (const tag of ['BUTTON', 'BUTTON', 'BUTTON', 'BUTTON', 'BUTTON', 'BUTTON', 'SUMMARY']) {
        await page.keyboard.press('Tab')
        expect(await focused()).toEqual({ tag, outline: 'solid3px' })
      }
      await context.close()
    })

    test('an answer by keyboard: shown at once, sent with its day, kept in focus, taken back by pressing again', async () => {
      const context = await browser.newContext({ timezoneId: 'Pacific/Auckland' })
      const { page, complaints } = await visit(context, 'scored')
      const group = page.getByRole('group', { name: 'Your answer to Seal kit 40 mm' })
      const accept = group.getByRole('button', { name: 'Accept' })
      const offer = page.locator('assay-panel .offers li').first()
      const focused = (): Promise<string | undefined> =>
        page.evaluate(() => document.activeElement!.shadowRoot?.activeElement?.textContent ?? undefined)
      sent.length = 0
      let go = (): void => {}
      says.wait = new Promise((resolve) => (go = resolve))
      await accept.focus()
      await page.keyboard.press('Enter')
      await offer.getByText('Saving …').waitFor()
      expect(await accept.getAttribute('aria-pressed')).toBe('true')
      go()
      await offer.getByRole('status').getByText('Answer: Accepted. Saved.').waitFor()
      expect(await focused()).toBe('✓Accept')
      const day = new Intl.DateTimeFormat('en-CA', { timeZone: 'Pacific/Auckland' }).format(new Date())
      expect(sent).toEqual([{ rank: 1, offer: 'SK-40', value: 'Accepted', day }])

      await page.keyboard.press('Space')
      await offer.getByText('Answer taken back.').waitFor()
      expect([await accept.getAttribute('aria-pressed'), await focused(), sent[1]?.value]).toEqual(['false', 'Accept', null])

      says.text = 'Only Assay knows it: the CRM <b>refused</b>.'
      await page.keyboard.press('Enter')
      await offer.getByText('Answer: Accepted. Saved. Only Assay knows it: the CRM <b>refused</b>.').waitFor()
      Object.assign(says, { status: 200, text: '', wait: Promise.resolve() })
      expect(complaints).toEqual([])
      await context.close()
    })

    test('an answer that was not kept: the old one stands again, and the reason beside it', async () => {
      const context = await browser.newContext()
      const { page } = await visit(context, 'scored')
      const group = page.getByRole('group', { name: 'Your answer to Hydraulic oil 20 l' })
      const pressedOnes = (): Promise<string[]> => group.locator('button[aria-pressed=true]').allInnerTexts()
      expect((await pressedOnes()).join()).toContain('Not now')
      for (const [status, text, said] of [
        [503, 'The CRM <b>does not</b> answer.', 'Not saved: The CRM <b>does not</b> answer.'],
        [409, '', 'Not saved: this customer was changed while the page was open. Look again, then answer.'],
        [403, '', 'Not saved. Try again.'],
      ] as const) {
        Object.assign(says, { status, text })
        await group.getByRole('button', { name: 'Accept' }).click()
        await page.getByRole('alert').getByText(said, { exact: true }).waitFor()
        expect((await pressedOnes()).join()).toContain('Not now')
        expect(await page.locator('assay-panel .offers li').nth(1).getByRole('status').innerText()).toBe('Answer: Not now')
      }
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme })
        const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze()
        expect(violations.map((one) => one.id)).toEqual([])
        if (folder !== undefined) await page.screenshot({ path: join(folder, `refused-${colorScheme}.png`), fullPage: true })
      }
      Object.assign(says, { status: 200, text: '' })
      await context.close()
    })

    test('where the link is for reading only there are no buttons, and the answer is read', async () => {
      const context = await browser.newContext()
      const { page } = await visit(context, 'medium')
      expect(await page.locator('assay-panel').getByRole('button').count()).toBe(0)
      expect(await page.locator('assay-panel').getByText('Answer: Not now').isVisible()).toBe(true)
      await context.close()
    })

    test('an error says what happened and tries again; a link that ended does not', async () => {
      const context = await browser.newContext()
      const { page } = await visit(context, 'down')
      await page.getByRole('heading', { name: 'Assay does not answer' }).waitFor()
      await page.route('**/data', (route) =>
        route.fulfill({ json: { name: 'Back again', fields: RECORDS['scored']!.fields, from: null, staleAfterDays: 10, answerKey: null } }),
      )
      await page.getByRole('button', { name: 'Try again' }).click()
      await page.getByRole('heading', { name: 'Back again' }).waitFor()
      expect(await page.getByRole('status').textContent()).toBe(
        'Churn risk 72 percent, high risk, rising. Main sign: 94 days since the last order, raises the risk by 14 points. Next step: Call and ask what they need next: the silence is longer than usual.',
      )
      const ended = await visit(context, 'endedLater')
      await ended.page.getByRole('heading', { name: 'This link is over' }).waitFor()
      expect(await ended.page.getByRole('button').count()).toBe(0)
      await context.close()
    })
  })
}
