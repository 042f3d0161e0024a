import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AssayError, PUBLISHED_FIELDS, type Attribute, type LiveRecord, type Receipt, type Removal } from '@assay/shared'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { fieldsAnswers, fieldsPlan, fieldsReceipt, fieldsRemove } from '../../src/api/operations/index.ts'
import type { App } from '../../src/app.ts'
import type { AlertState } from '../../src/control/control.ts'
import { CONFIRMED_DECISION } from '../../src/flow/publish/publish.ts'
import { answersCsv, saveAnswers } from '../../src/cli/answers-file.ts'
import { fakeCrm, type FakeCrm } from './fake-crm.ts'
import { MONDAY, openedPlanes, SLOW } from './planes.ts'

const planes = openedPlanes()
const account = (id: string, name: string, attributes: Readonly<Record<string, Attribute>>): LiveRecord<'account'> => ({
  kind: 'account',
  id,
  version: MONDAY,
  knownAt: MONDAY,
  deleted: false,
  body: {
    name,
    domain: null,
    industry: null,
    type: null,
    country: null,
    city: null,
    employees: null,
    annualRevenue: null,
    ownerId: null,
    parentId: null,
    createdAt: null,
  },
  attributes,
})

const field = (name: string): Receipt['made'][number] => ({ type: 'field', object: 'account', name })

describe('taking fields back', { timeout: SLOW }, () => {
  let id: string
  let crm: FakeCrm
  let asked: (Receipt | null)[]
  let app: App

  beforeEach(async () => {
    id = await planes.connect()
    crm = fakeCrm()
    asked = []
    const session = {
      ...crm.session,
      removeFields: async (receipt: Receipt | null): Promise<Removal> => {
        asked.push(receipt)
        return { removed: [{ object: 'account', name: 'x' }], blocked: [], left: [] }
      },
    }
    const connection = (await planes.control.connections.list()).find((one) => one.id === id)!
    app = {
      control: planes.control,
      store: planes.store,
      connection: async () => connection,
      connector: () => ({ capabilities: { fields: true, objects: ['account', 'deal'], kinds: ['account', 'deal'] } }),
      session: () => session,
      now: () => MONDAY,
    } as unknown as App
  })

  const remove = (input: { keep?: string[]; discardAnswers?: boolean } = {}): ReturnType<typeof fieldsRemove.run> =>
    fieldsRemove.run(app, { connection: id, keep: [], discardAnswers: false, ...input }, () => undefined, new AbortController().signal)
  const answered = (): Promise<void> =>
    planes.control.feedback.put(id, [{ object: 'account', id: 'a', offer: 'P1', response: 'Accepted', at: MONDAY }])

  it('closes the tasks that alerts made, and names those that stay', async () => {
    const state = (record: string, taskKey: string | null): AlertState => ({
      object: 'account',
      id: record,
      band: 'High',
      since: MONDAY,
      pending: null,
      model: 'm1',
      taskKey,
      taskId: null,
    })
    const keys = ['churn-account-a-2026-06-01', 'churn-account-b-2026-06-01', 'digest-7-2026-06-01', 'digest-7-2026-06-01', null]
    const states = keys.map((key, at) => state('abcde'[at]!, key))
    for (const { taskKey: key, id: record } of states) {
      if (key === null || crm.tasks.has(key)) continue
      const task = { key, object: 'account', id: record, title: '', body: '', ownerId: '7', dueAt: MONDAY, taskId: null } as const
      await crm.session.upsertTask({ ...task, state: 'open' })
    }
    await planes.control.alerts.save(id, states)
    const plan = await fieldsPlan.run(app, { connection: id }, () => undefined, new AbortController().signal)
    expect(plan.openTasks).toBe(3)
    crm.beforeTask = (task) => {
      if (task.id === 'b') throw new AssayError('rejected', 'locked by a rule')
    }
    const { tasks } = await remove()
    expect(tasks).toEqual({ closed: 2, left: [{ taskId: '', object: 'account', id: 'b', why: 'locked by a rule' }] })
    expect([...crm.tasks.values()].filter(({ closed }) => !closed).map(({ key }) => key)).toEqual([keys[1]])
    expect(asked).toHaveLength(1)
    crm.beforeTask = () => undefined
    expect((await remove()).tasks).toEqual({ closed: 1, left: [] })
  })

  it('begins with the first records again when the fields are made anew', async () => {
    const confirmed = (): Promise<unknown> => planes.control.decisions.get(id, CONFIRMED_DECISION)
    const clear = (): Promise<unknown> =>
      fieldsReceipt.run(app, { connection: id, clear: true }, () => undefined, new AbortController().signal)
    for (const takeBack of [remove, clear]) {
      await planes.control.decisions.set(id, CONFIRMED_DECISION, true, 'admin')
      await takeBack()
      expect(await confirmed()).toBe(false)
    }
  })

  it('hands the receipt over as it is, or none', async () => {
    await remove()
    await planes.control.receipts.add(id, { connector: 'fake', madeAt: 1, made: [field('churn_risk')] })
    await remove()
    expect(asked.map((one) => one?.made ?? null)).toEqual([null, [field('churn_risk')]])
  })

  it('remembers no receipt of nothing: what somebody else made would never be taken back', async () => {
    const empty = { connector: 'fake', madeAt: 1, made: [] }
    const add = (given: Receipt): Promise<{ receipt: Receipt | null }> =>
      fieldsReceipt.run(app, { connection: id, add: given, clear: false }, () => undefined, new AbortController().signal)
    const connector = (await app.connection(id)).connector
    expect((await add({ ...empty, connector })).receipt).toBeNull()
    await remove()
    await add({ connector, madeAt: 1, made: [field('churn_risk')] })
    expect((await add({ ...empty, connector })).receipt?.made).toEqual([field('churn_risk')])
    expect(asked).toEqual([null])
  })

  it('does not throw away what people answered, unless somebody says so', async () => {
    await answered()
    const error: unknown = await remove().catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(AssayError)
    expect(error).toMatchObject({ kind: 'config', message: expect.stringMatching(/answered 1 offers/) as string })
    expect((error as AssayError).hint).toMatch(/--export/)
    expect(asked).toEqual([])
    await remove({ discardAnswers: true })
    await remove({ keep: ['answers'] })
    expect(asked).toHaveLength(2)
  })

  it('leaves fields that are to stay off the receipt', async () => {
    const made = [field('churn_risk'), field('offer_1_response'), { type: 'group' as const, object: 'account', name: 'assay' }]
    await planes.control.receipts.add(id, { connector: 'fake', madeAt: 1, made })
    await remove({ keep: ['answers'] })
    await planes.control.receipts.add(id, { connector: 'fake', madeAt: 1, made })
    await remove({ keep: ['all'] })
    expect(asked.map((one) => one!.made)).toEqual([[made[0], made[2]], [made[2]]])
  })

  it('knows what to take without a receipt when something is to stay', async () => {
    await remove({ keep: ['churn_risk'] })
    const names = asked[0]!.made.map(({ name }) => name)
    expect(names).toEqual(PUBLISHED_FIELDS.map(({ name }) => name).filter((name) => name !== 'churn_risk'))
  })

  it('keeps none of the fields that go together with a package', async () => {
    const capabilities = { fields: 'package', objects: ['account'], kinds: ['account'] }
    app = { ...app, connector: () => ({ capabilities }) } as unknown as App
    await expect(remove({ keep: ['answers'] })).rejects.toMatchObject({
      kind: 'config',
      hint: expect.stringContaining('--export') as string,
    })
    expect(asked).toEqual([])
    await remove()
    expect(asked).toEqual([null])
  })

  it('names a field that does not exist', async () => {
    await expect(remove({ keep: ['churn_rsk'] })).rejects.toThrow(/churn_rsk/)
    expect(asked).toEqual([])
  })

  it('keeps the receipt of what somebody else made, and forgets it when they took it back', async () => {
    const receipt = (input: { add?: Receipt; clear?: boolean }) =>
      fieldsReceipt.run(app, { connection: id, clear: false, ...input }, () => undefined, new AbortController().signal)
    expect((await receipt({})).receipt).toBeNull()
    const made = [field('churn_risk'), { type: 'permission' as const, object: 'PermissionSet', name: 'Assay_Viewer' }]
    await receipt({ add: { connector: 'fake', madeAt: 1, made } })
    expect((await receipt({})).receipt?.made).toEqual(made)
    await expect(receipt({ add: { connector: 'hubspot', madeAt: 1, made } })).rejects.toThrow(/receipt is of hubspot/)
    expect((await receipt({ clear: true })).receipt).toBeNull()
  })

  it('finds every answer that stands in the CRM', async () => {
    crm.pages = [
      {
        records: [
          account('a', 'Acme, "the" firm', {
            assay_offer_1_response: 'Accepted',
            assay_offer_1_response_at: '2026-05-30',
            assay_offer_1_code: 'P1',
          }),
          account('b', 'Quiet', {}),
        ],
        next: 'one' as never,
      },
      { records: [account('c', 'Late', { assay_offer_2_response: 'Not now', assay_offer_3_response: 'nonsense' })], next: 'end' as never },
    ]
    const { answers } = await fieldsAnswers.run(app, { connection: id }, () => undefined, new AbortController().signal)
    expect(answers).toEqual([
      { object: 'account', id: 'a', name: 'Acme, "the" firm', offer: 'P1', response: 'Accepted', on: '2026-05-30' },
      { object: 'account', id: 'c', name: 'Late', offer: 'offer_2', response: 'Not now', on: null },
    ])
    expect(answersCsv(answers).split('\r\n')).toEqual([
      'object,id,name,offer,response,on',
      'account,a,"Acme, ""the"" firm",P1,Accepted,2026-05-30',
      'account,c,Late,offer_2,Not now,',
      '',
    ])
  })
})

describe('the file of answers', () => {
  let directory: string
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'assay-answers-'))
  })
  afterAll(() => rm(directory, { recursive: true, force: true }))

  it('is there, whole, when saving ends', async () => {
    const path = join(directory, 'new.csv')
    const one = { object: 'account', id: 'a', name: null, offer: 'P1', response: 'Not now', on: null } as const
    expect(await saveAnswers(path, async () => [one])).toBe(1)
    expect(await readFile(path, 'utf8')).toBe('object,id,name,offer,response,on\r\naccount,a,,P1,Not now,\r\n')
  })

  it('takes no other file’s place, and asks nothing of the CRM first', async () => {
    const path = join(directory, 'old.csv')
    await writeFile(path, 'mine')
    const never = async (): Promise<never> => {
      throw new Error('asked')
    }
    await expect(saveAnswers(path, never)).rejects.toThrow(/there already/)
    expect(await readFile(path, 'utf8')).toBe('mine')
  })

  it('leaves nothing behind when the CRM cannot be asked', async () => {
    const path = join(directory, 'failed.csv')
    await expect(saveAnswers(path, () => Promise.reject(new AssayError('offline', 'down')))).rejects.toThrow('down')
    await expect(readFile(path)).rejects.toThrow(/ENOENT/)
  })
})
