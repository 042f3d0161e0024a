import { createHash } from 'node:crypto'
import { b2bWorld } from '@assay/worlds'
import { afterEach, describe, expect, it } from 'vitest'
import { heldBySuite, startSuite, suiteId, worldIdOf, type SuiteOptions, type SuiteStandIn } from '../src/index.ts'

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})
const START = Date.UTC(2026, 4, 4, 8, 0, 17)

interface Answer {
  readonly status: number
  readonly body: unknown
}

/** A SuiteCRM with both sign-ins done as the integration user. */
const started = async (options: SuiteOptions = {}) => {
  const standIn: SuiteStandIn = await startSuite({ now: () => START, ...options })
  closing.push(() => standIn.close())
  const json = async (answer: Response): Promise<Answer> => {
    const text = await answer.text()
    return { status: answer.status, body: text === '' ? null : (JSON.parse(text) as unknown) }
  }
  const token = async (password: string): Promise<Answer> => {
    const { id, secret } = standIn.client
    const form = { grant_type: 'password', client_id: id, client_secret: secret, username: 'integration', password }
    return json(await fetch(`${standIn.url}/Api/access_token`, { method: 'POST', body: new URLSearchParams(form) }))
  }
  const { access_token: access } = (await token(standIn.passwords.integration)).body as { access_token?: string }
  const v8 = async (method: string, path: string, body?: object): Promise<Answer> =>
    json(
      await fetch(`${standIn.url}/Api/V8/${path}`, {
        method,
        headers: { authorization: `Bearer ${access ?? ''}`, 'content-type': 'application/vnd.api+json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    )
  const v41 = async (method: string, args: object): Promise<Answer> => {
    const form = { method, input_type: 'JSON', response_type: 'JSON', rest_data: JSON.stringify(args) }
    return json(await fetch(`${standIn.url}/service/v4_1/rest.php`, { method: 'POST', body: new URLSearchParams(form) }))
  }
  const password = createHash('md5').update(standIn.passwords.integration).digest('hex')
  const login = await v41('login', {
    user_auth: { user_name: 'integration', password, version: '1' },
    application_name: 'test',
    name_value_list: [],
  })
  const list = (more: object = {}): Promise<Answer> =>
    v41('get_entry_list', {
      session: (login.body as { id?: string }).id,
      module_name: 'Accounts',
      query: '',
      order_by: 'date_modified, id',
      offset: 0,
      select_fields: ['id', 'name', 'date_modified'],
      link_name_to_fields_array: [],
      max_results: 100,
      deleted: 0,
      ...more,
    })
  return { standIn, token, v8, v41, list }
}
const attributesOf = ({ body }: Answer): Record<string, unknown> =>
  (body as { data: { attributes: Record<string, unknown> } }).data.attributes
const patch = (id: string, attributes: object) => ({ data: { type: 'Accounts', id, attributes } })

describe('the stand-in for SuiteCRM', { timeout: 30_000 }, () => {
  it('writes a wrong password into its 500', async () => {
    const { token } = await started()
    expect(await token('hunter2')).toMatchObject({ status: 500, body: { error_description: 'The password is invalid: hunter2' } })
  })

  it('cuts the seconds in V8, writes an offset that is false, and has the truth in v4_1', async () => {
    const { standIn, v8, list } = await started({ quirks: { offset: '-05:00' } })
    const id = standIn.create('Accounts', { name: 'A' })
    expect(attributesOf(await v8('GET', `module/Accounts/${id}`))['date_modified']).toBe('2026-05-04T08:00:00-05:00')
    expect(JSON.stringify((await list()).body)).toContain('2026-05-04 08:00:17')
  })

  it('answers 201 to values that it damages', async () => {
    const { standIn, v8 } = await started()
    const id = standIn.create('Accounts', { name: 'A' })
    standIn.makeField('Accounts', { name: 'at_c', type: 'datetimecombo' })
    standIn.makeField('Accounts', { name: 'number_c', type: 'decimal', precision: 4 })
    const sent = { at_c: '2026-11-22T02:30:45+00:00', number_c: '0,5', name: `A & B <b>"x"</b> &amp; ${'y'.repeat(200)}` }
    const answer = await v8('PATCH', 'module', patch(id, sent))
    expect(answer.status).toBe(201)
    expect(attributesOf(answer)).toMatchObject({ at_c: '', number_c: '5.0000' })
    const name = String(standIn.get('Accounts', id)?.['name'])
    expect(name).toHaveLength(150)
    expect(name.startsWith('A & B <b>"x"</b> & y')).toBe(true)
    expect(attributesOf(answer)['name']).toMatch(/^A & B &lt;b&gt;&quot;x&quot;/)
  })

  it('refuses with 400: what is not found, not there, not allowed, or there already, deleted or not', async () => {
    const { standIn, v8 } = await started()
    const id = standIn.create('Accounts', { name: 'A' })
    const detail = ({ status, body }: Answer) => [status, (body as { errors: { detail: string } }).errors.detail]
    expect(detail(await v8('PATCH', 'module', patch(id, { nope_c: 1 })))).toEqual([400, 'Property nope_c in Account module is invalid'])
    standIn.delete('Accounts', id)
    expect(detail(await v8('GET', `module/Accounts/${id}`))).toEqual([400, `Accounts module with id ${id} is not found`])
    expect(detail(await v8('GET', 'module/Accounts?filter[deleted][eq]=1'))[0]).toBe(400)
    expect(detail(await v8('POST', 'module', patch(id, { name: 'again' })))).toEqual([400, `Bean Accounts with id ${id} is already exist`])
    standIn.forbid('Contacts')
    expect(detail(await v8('GET', 'module/Contacts'))).toEqual([400, '[SuiteCRM] [AccessDeniedException] '])
  })

  it('breaks down over an argument or a column that it does not know, and passes over an order with a table in it', async () => {
    const { standIn, list } = await started()
    for (const name of ['C', 'A', 'B']) {
      standIn.create('Accounts', { name })
      standIn.clock.advance(1000)
    }
    const names = ({ body }: Answer) =>
      (body as { entry_list: { name_value_list: { name: { value: string } } }[] }).entry_list.map((row) => row.name_value_list.name.value)
    expect(names(await list())).toEqual(['C', 'A', 'B'])
    expect(names(await list({ order_by: 'accounts.date_modified ASC' }))).toEqual(['A', 'B', 'C'])
    expect(await list({ Favorites: false })).toEqual({ status: 500, body: null })
    expect(await list({ query: 'accounts.nope = 1' })).toEqual({ status: 500, body: null })
    expect(await list({ query: "name = 'A'" })).toEqual({ status: 500, body: null })
    expect(names(await list({ query: "(accounts.name > 'A' AND accounts.name IN ('B', 'D')) OR accounts.name LIKE 'c%'" }))).toEqual([
      'C',
      'B',
    ])
    expect(names(await list({ max_results: 2, offset: 2 }))).toEqual(['B'])
  })

  it('holds a whole world, deletions and all, under ids that tell the world’s own', async () => {
    const world = b2bWorld({ accounts: 20, seed: 5, years: 1 })
    const { standIn } = await started({ world, now: () => world.today })
    expect(standIn.all('Accounts')).toHaveLength(20)
    const { account, deals } = heldBySuite(world).bundle(3)
    const row = standIn.get('Accounts', suiteId('Accounts', account.id))
    expect(row).toMatchObject({ name: account.body.name, deleted: '0' })
    expect(worldIdOf(String(row?.['id']))).toBe(account.id)
    for (const deal of deals)
      expect(standIn.get('Opportunities', suiteId('Opportunities', deal.id))?.['amount'] ?? 'null').toBe(String(deal.body.amount))
  })
})
