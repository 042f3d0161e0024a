import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startSugar, type ModuleName, type SugarStandIn } from '@assay/crm-sugarcrm'
import { ASSAY_PREFIX } from '@assay/shared'
import { operations } from '@assay/sidecar'
import { b2bWorld } from '@assay/worlds'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { saveAnswers } from '../../../sidecar/src/cli/answers-file.ts'
import { packageFile } from '../../../sidecar/src/cli/package-file.ts'
import { connectorOf } from '../../../sidecar/src/registry.ts'
import { firstRound } from './cycle.ts'
import { openWorkplace, type Workplace } from './workplace.ts'

const world = b2bWorld({ accounts: 300, seed: 11 })
const SCORED: readonly ModuleName[] = ['Accounts', 'Contacts', 'Opportunities']
const HOUR = 3_600_000

describe('a SugarCRM, from the package to its uninstalling', { timeout: 600_000 }, () => {
  const opened: { folder?: string; standIn?: SugarStandIn; place?: Workplace; round?: Awaited<ReturnType<typeof firstRound>> } = {}
  const place = (): Workplace => opened.place!
  const standIn = (): SugarStandIn => opened.standIn!
  const connect = () =>
    place().does(operations.connect, {
      connector: 'sugarcrm',
      settings: {
        url: standIn().url,
        password: { username: 'integration', password: standIn().passwords.integration },
        callsPerSecond: 1_000,
      },
    })
  const sync = () => place().does(operations.sync, { full: false })
  const install = async (): Promise<void> => {
    const { file } = await packageFile(connectorOf('sugarcrm'), {}, opened.folder!)
    standIn().installPackage(await readFile(file))
  }
  /** What of ours stands in the records of a module. */
  const ours = (module: ModuleName) =>
    standIn()
      .all(module, true)
      .flatMap((row) => Object.keys(row).filter((name) => name.startsWith(ASSAY_PREFIX) && row[name] !== null && row[name] !== ''))

  beforeAll(async () => {
    opened.folder = await mkdtemp(join(tmpdir(), 'assay-sugar-package-'))
    const started = await startSugar({ world, now: () => world.today })
    opened.standIn = started
    opened.place = await openWorkplace('sugarcrm', () => started.clock.now())
  }, 300_000)
  afterAll(async () => {
    await opened.place?.close()
    await opened.standIn?.close()
    if (opened.folder) await rm(opened.folder, { recursive: true, force: true })
  }, 300_000)

  test('says to upload the package first as long as Sugar knows nothing of it, and keeps nothing', async () => {
    await expect(connect()).rejects.toMatchObject({ kind: 'auth', hint: expect.stringContaining('Upload the package first') as string })
    expect(await place().app.control.connections.list()).toEqual([])
  })

  test('is signed in to once an admin has installed what fields build made, and nobody at work is thrown out', async () => {
    await install()
    const atWork = standIn().oauth.signIn('integration')
    const { check } = await connect()
    expect(check.missing).toEqual([])
    expect(check.account).toMatch(/package Assay \d/)
    expect(standIn().oauth.isAlive(atWork.accessToken)).toBe(true)
  })

  test('is read, mined and written to', async () => {
    opened.round = await firstRound(place())
    const { synced, mined, made, bill, twenty, rest } = opened.round
    expect(synced.read.account).toBe(standIn().all('Accounts', true).length)
    expect([synced.skipped, synced.aside]).toEqual([[], 0])
    expect(mined.miners.find(({ miner }) => miner === 'churn')).toMatchObject({ verdict: 'publish' })
    expect(made.made).toEqual([])
    expect(twenty).toMatchObject({ written: 20, rejected: 0, failed: 0 })
    expect(rest).toMatchObject({ rejected: 0, failed: 0, gone: 0, waiting: 0 })
    expect(twenty.written + rest.written).toBe(bill.bill.records)
    console.log(`SugarCRM: ${JSON.stringify(synced.read)}; ${twenty.written} + ${rest.written} written in ${bill.bill.calls} calls`)
  })

  test('holds every score as it was said', async () => {
    const rows = standIn()
      .all('Accounts')
      .filter((row) => typeof row['assay_churn_risk_c'] === 'number')
    expect(rows.length).toBeGreaterThan(100)
    for (const row of rows) {
      expect(row['assay_churn_risk_c']).toBeGreaterThanOrEqual(1)
      expect(row['assay_churn_risk_c']).toBeLessThanOrEqual(99)
      expect(['Low', 'Medium', 'High']).toContain(row['assay_churn_band_c'])
      for (const name of ['assay_score_note_c', 'assay_scored_at_c', 'assay_churn_signs_c']) expect(row[name], name).toBeTruthy()
    }
  })

  test('gives back its own echo as nothing new', async () => {
    standIn().clock.advance(HOUR)
    const again = await sync()
    expect(again.deleted).toBe(0)
    expect(again.unchanged).toBeGreaterThan(0)
    const { bill } = await place().does(operations.publish, { dryRun: true, proceed: false })
    expect(bill.changed).toBe(0)
  })

  test('brings people’s answers, which do not go by accident', async () => {
    const [offered] = standIn()
      .all('Accounts')
      .filter((row) => row['assay_offer_1_code_c'])
    standIn().update('Accounts', String(offered!['id']), {
      assay_offer_1_response_c: 'Accepted',
      assay_offer_1_response_at_c: '2026-05-30',
    })
    standIn().clock.advance(HOUR)
    await sync()
    const { answers } = await place().does(operations.fieldsAnswers, {})
    expect(answers).toMatchObject([{ object: 'account', id: offered!['id'], response: 'Accepted', on: '2026-05-30' }])
    await expect(place().does(operations.fieldsRemove, { keep: [], discardAnswers: false })).rejects.toMatchObject({
      kind: 'config',
      hint: expect.stringContaining('--export') as string,
    })
    const file = join(opened.folder!, 'answers.csv')
    expect(await saveAnswers(file, async () => answers)).toBe(1)
    expect(await readFile(file, 'utf8')).toContain('Accepted')
  })

  test('says how the fields are taken back, and of uninstalling the package nothing of ours is left', async () => {
    const removal = await place().does(operations.fieldsRemove, { keep: [], discardAnswers: true })
    expect(removal.removed).toEqual([])
    expect(removal.blocked.length).toBe(removal.left.length)
    expect(new Set(removal.blocked.map(({ why }) => why)).size).toBe(1)
    expect(removal.blocked[0]!.why).toMatch(/Module Loader > Assay > Uninstall/)
    expect(ours('Accounts').length).toBeGreaterThan(0)

    for (const { id } of standIn().packages()) standIn().uninstallPackage(id)
    for (const module of SCORED) {
      expect(ours(module)).toEqual([])
      expect(
        standIn()
          .customFields(module)
          .filter(({ name }) => name.startsWith(ASSAY_PREFIX)),
      ).toEqual([])
    }
    expect(standIn().packages()).toEqual([])
    expect(standIn().oauth.knows('assay')).toBe(false)
    expect(standIn().tasks()).toEqual([])
  })

  test('is written to as a whole again after the package came back', async () => {
    standIn().clock.advance(2 * HOUR)
    await expect(sync()).rejects.toMatchObject({ kind: 'auth' })
    await install()
    expect((await connect()).renewed).toBe(true)
    const { records } = opened.round!.bill.bill
    const again = await place().does(operations.publish, { dryRun: false, proceed: true })
    expect(again).toMatchObject({ written: records, rejected: 0, failed: 0 })
    expect(ours('Accounts').length).toBeGreaterThan(records)
    expect(
      standIn()
        .all('Accounts')
        .some((row) => row['assay_offer_1_response_c']),
    ).toBe(false)
  })
})
