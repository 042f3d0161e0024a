import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startHubSpot } from '@assay/crm-hubspot'
import { isOwnership, listen, only, openApp, operations, panelRouter, readConfig, takeOwnership } from '@assay/sidecar'
import { b2bWorld } from '@assay/worlds'
import { chromium } from 'playwright-core'
import { expect, test } from 'vitest'
import { CHROMIUM, withoutChromium } from '../../../extension-ui/panel/test/chromium.ts'
import { quiet, silent } from './folders.ts'

/** What has to be undone, newest first, whatever happens in between. */
async function within<T>(work: (later: (undo: () => unknown) => void) => Promise<T>): Promise<T> {
  const undoing: (() => unknown)[] = []
  try {
    return await work((undo) => void undoing.unshift(undo))
  } finally {
    for (const undo of undoing) await undo()
  }
}

async function fromRecordsToScreen(): Promise<void> {
  await within(async (later) => {
    // A company of 150 is refused a number, and rightly.
    const world = b2bWorld({ accounts: 300, seed: 11 })
    const clock = (): number => world.today
    const home = await mkdtemp(join(tmpdir(), 'assay-e2e-'))
    later(() => rm(home, { recursive: true, force: true }))
    const crm = await startHubSpot({ world, limits: 'off', now: clock })
    later(() => crm.close())
    const ownership = await takeOwnership(home)
    if (!isOwnership(ownership)) throw new Error('nobody else knows this directory')
    later(() => ownership.release())
    const app = await openApp(readConfig({ ASSAY_HOME: home, ASSAY_QUOTA_SHARE: '1' }), quiet, ownership, clock)
    later(() => app.close())

    const signal = AbortSignal.timeout(500_000)
    const settings = { token: crm.token, baseUrl: crm.url, callsPerTenSeconds: 1_000_000, searchesPerSecond: 1_000 }
    await operations.connect.run(app, { connector: 'hubspot', settings }, silent, signal)
    await operations.sync.run(app, { full: false }, silent, signal)
    await operations.defineChurn.run(app, { accept: 120, from: 'silence' }, silent, signal)
    const mined = await operations.mine.run(app, { only: ['churn'], refit: false }, silent, signal)
    for (const one of mined.miners) console.log(`panel · ${one.miner}: ${one.verdict}; ${one.why}`)
    await operations.fieldsInstall.run(app, {}, silent, signal)
    await operations.publish.run(app, { dryRun: false, proceed: false }, silent, signal)
    await operations.publish.run(app, { dryRun: false, proceed: true }, silent, signal)

    const inCrm = (id: string): string | null => crm.get('companies', id)?.properties['assay_churn_risk'] ?? null
    const scored = crm.writes.map((write) => write.id).find((id) => inCrm(id) !== null)
    if (scored === undefined) throw new Error('the CRM holds no score')
    const { path } = await operations.link.run(app, { record: `account:${scored}`, minutes: 10, answers: true }, silent, signal)

    const { server, url } = await listen(only(panelRouter(app)), '127.0.0.1', 0)
    later(async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    })
    const browser = await chromium.launch(CHROMIUM)
    later(() => browser.close())
    const page = await browser.newPage()
    const complaints: string[] = []
    page.on('pageerror', (error) => complaints.push(String(error)))
    await page.goto(`${url}${path}`)
    const panel = page.locator('assay-panel')
    await panel.getByText('Churn risk').first().waitFor()
    const shown = await panel.locator('.score .number').innerText()
    console.log(`panel · account ${scored}: "${shown}" on the page, ${inCrm(scored)} in the CRM`)
    expect(shown.replace(/\s*%$/, '')).toBe(inCrm(scored))
    expect(await panel.locator('.score .band').innerText()).toContain(crm.get('companies', scored)!.properties['assay_churn_band'])
    expect(complaints).toEqual([])
    // Another record's link is another signature: this one opens nothing else.
    const other = await page.goto(`${url}${path.slice(0, -3)}AAA`)
    expect(other?.status()).toBe(403)
  })
}

const left = withoutChromium('from records to the screen')
if (left) test.skip(left, silent)
else test('from records in the CRM to the number on the screen: the same number that the CRM holds', fromRecordsToScreen, 600_000)
