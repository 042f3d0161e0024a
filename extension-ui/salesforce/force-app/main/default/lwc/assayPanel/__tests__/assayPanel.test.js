import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { createElement } from 'lwc'
import { getRecord, notifyRecordUpdateAvailable, updateRecord } from 'lightning/uiRecordApi'
import { getObjectInfo } from 'lightning/uiObjectInfoApi'
import AssayPanel from 'c/assayPanel'

const ACCOUNT = '001000000000001AAA'
const OTHER_ACCOUNT = '001000000000002AAA'
const CONTACT = '003000000000001AAA'
const OPPORTUNITY = '006000000000001AAA'
const MODIFIED = '2026-11-21T03:00:00.000Z'

/** A record as getRecord gives it: a key that is left out is a field that the viewer may not read. */
const record = (id, values) => ({ id, fields: Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { value }])) })
const assay = (values) => Object.fromEntries(Object.entries(values).map(([name, value]) => [`Assay_${name}__c`, value]))
const EMPTY = assay({ churn_risk: null, churn_band: null, score_note: null, scored_at: null, offer_1: null })
const SCORED = {
  ...assay({
    churn_risk: 72,
    churn_band: 'High',
    churn_trend: 'Rising',
    churn_signs: '94 days since the last order (+14); 5 orders in the last year (−3)',
    offer_1: 'Seal kit',
    offer_1_code: 'SK-40',
    offer_1_response: null,
    offer_1_response_at: null,
    offer_2: 'Oil',
    offer_2_response: 'Not now',
    offer_2_response_at: '2026-11-01',
    next_action: 'Call them.',
    scored_at: new Date(Date.now() - 86_400_000).toISOString(),
  }),
  LastModifiedDate: MODIFIED,
  Name: 'Brightwater',
}
/** What getObjectInfo says: which fields of answers the person may edit. */
const rights = (object, updateable) => ({
  apiName: object,
  fields: Object.fromEntries(
    [1, 2, 3]
      .flatMap((rank) => [`Assay_offer_${rank}_response__c`, `Assay_offer_${rank}_response_at__c`])
      .map((name) => [name, { updateable }]),
  ),
})

/** Everything that was asked for has been done. */
const rest = async (turns = 8) => {
  await Promise.resolve()
  if (turns > 0) await rest(turns - 1)
}
const emit = (data) => getRecord.emit(data, ({ recordId }) => recordId === data.id)
const fail = (id, status, message) => getRecord.emitError({ status, body: { message } }, ({ recordId }) => recordId === id)

/** What the wires ask for now. */
const configs = () => {
  const found = []
  getRecord.emit(undefined, (config) => found.push(config) < 0)
  return found
}

async function open(objectApiName, recordId, set = {}) {
  const element = createElement('c-assay-panel', { is: AssayPanel })
  Object.assign(element, { objectApiName, recordId, ...set })
  document.body.appendChild(element)
  await rest()
  return element
}
async function openScored(set) {
  const element = await open('Account', ACCOUNT, set)
  emit(record(ACCOUNT, SCORED))
  getObjectInfo.emit(rights('Account', true))
  await rest()
  return element
}
const all = (element, selector) => [...element.shadowRoot.querySelectorAll(selector)]
const text = (element) => element.shadowRoot.textContent
const waits = (element) => all(element, '.waiting').length === 1 && all(element, 'section').length === 0
const button = (element, rank, value) =>
  all(element, 'button').find(({ dataset }) => dataset.rank === String(rank) && dataset.value === value)
const pressed = (element, rank) =>
  all(element, `button[data-rank="${rank}"]`)
    .filter((one) => one.ariaPressed === 'true')
    .map(({ dataset }) => dataset.value)
const status = (element, rank) => all(element, '[role="status"]')[rank - 1].textContent

afterEach(() => {
  document.body.replaceChildren()
  jest.clearAllMocks()
  updateRecord.mockReset().mockResolvedValue({})
})

describe('what it asks for', () => {
  it('reads everything as optional, so that one hidden field hides no other', async () => {
    await open('Account', ACCOUNT)
    const [config] = configs().filter(({ recordId }) => recordId === ACCOUNT)
    expect(Object.keys(config).sort()).toEqual(['optionalFields', 'recordId'])
    expect(config.optionalFields).toEqual(expect.arrayContaining(['Account.Assay_churn_risk__c', 'Account.Assay_offer_3_response__c']))
    for (const name of config.optionalFields) expect(name).toMatch(/^Account\.(Assay_\w+__c|LastModifiedDate|Name)$/)
  })

  it.each(['Account', 'Contact'])('asks %s for fields that are in the package', async (object) => {
    await open(object, ACCOUNT)
    const [{ optionalFields }] = configs().filter(({ recordId }) => recordId === ACCOUNT)
    const names = optionalFields.map((name) => name.split('.')[1]).filter((name) => name.endsWith('__c'))
    expect(names.length).toBeGreaterThan(20)
    const fields = join(__dirname, '../../../objects', object, 'fields')
    expect(names.filter((name) => !existsSync(join(fields, `${name}.field-meta.xml`)))).toEqual([])
  })

  it('an opportunity: its account, and then the scores of that', async () => {
    const element = await open('Opportunity', OPPORTUNITY)
    emit(record(OPPORTUNITY, { AccountId: ACCOUNT }))
    await rest()
    expect(waits(element)).toBe(true)
    emit(record(ACCOUNT, SCORED))
    await rest()
    expect(text(element)).toContain('Scores of the account Brightwater')
    expect(text(element)).toContain('72 %')
  })
})

describe('the states', () => {
  const cases = [
    ['scored', SCORED, 'Churn risk 72 percent, high risk, rising.', ''],
    ['not scored: the fields are there and empty', EMPTY, 'No churn score', 'Nothing was scored for this record yet.'],
    ['no access: the fields are left out', { Name: 'Hidden' }, 'You cannot see the scores', ''],
    ['no access to the number alone', assay({ churn_band: 'High', segment: 'Loyal' }), 'You cannot see the churn risk', 'Loyal'],
    [
      'facts below the gate',
      { ...EMPTY, ...assay({ score_note: '94 days since the last order. No churn score: too few' }) },
      'What is known',
      'Too few.',
    ],
    ['stale', { ...SCORED, ...assay({ scored_at: '2026-01-01T00:00:00.000Z' }) }, 'This score may be out of date', '72 %'],
  ]
  it.each(cases)('%s', async (_name, values, one, other) => {
    const element = await open('Account', ACCOUNT)
    expect(waits(element)).toBe(true)
    emit(record(ACCOUNT, values))
    await rest()
    expect(text(element)).toContain(one)
    expect(text(element)).toContain(other)
    expect(all(element, '.waiting')).toHaveLength(0)
  })

  it('an error says what Salesforce said, and can be tried again', async () => {
    const element = await open('Account', ACCOUNT)
    fail(ACCOUNT, 500, 'Server <b>down</b>')
    await rest()
    expect(text(element)).toContain('Salesforce says: Server <b>down</b>')
    expect(all(element, 'b')).toHaveLength(0)
    all(element, '.again')[0].click()
    await rest()
    expect(waits(element)).toBe(true)
    emit(record(ACCOUNT, SCORED))
    await rest()
    expect(text(element)).toContain('72 %')
  })

  it.each([403, 404])('a record out of reach (%i) is no error to try again', async (code) => {
    const element = await open('Account', ACCOUNT)
    fail(ACCOUNT, code, 'insufficient access')
    await rest()
    expect(text(element)).toContain('You cannot see this record')
    expect(all(element, '.again')).toHaveLength(0)
  })

  it('text from fields stays text', async () => {
    const element = await open('Account', ACCOUNT)
    emit(record(ACCOUNT, { ...SCORED, ...assay({ next_action: '<img src=x onerror="alert(1)"> {{x}}' }) }))
    await rest()
    expect(all(element, 'img')).toHaveLength(0)
    expect(text(element)).toContain('<img src=x onerror="alert(1)"> {{x}}')
  })
})

describe('no flicker of a wrong state: in any order of events, nothing is said before it is known', () => {
  it('the first thing a wire says is nothing', async () => {
    const element = await open('Account', ACCOUNT)
    getRecord.emit(undefined, ({ recordId }) => recordId === ACCOUNT)
    await rest()
    expect(waits(element)).toBe(true)
  })

  it('a contact waits for its account, and does not say “not scored” meanwhile', async () => {
    const element = await open('Contact', CONTACT)
    emit(record(CONTACT, { AccountId: ACCOUNT, Name: 'Dana' }))
    await rest()
    expect(waits(element)).toBe(true)
    getObjectInfo.emit(rights('Account', true))
    await rest()
    expect(waits(element)).toBe(true)
    emit(record(ACCOUNT, SCORED))
    await rest()
    expect(text(element)).toContain('72 %')
  })

  it('a contact that moves to another account waits again, and never shows the first one’s score', async () => {
    const element = await open('Contact', CONTACT)
    emit(record(CONTACT, { AccountId: ACCOUNT }))
    await rest()
    emit(record(ACCOUNT, SCORED))
    await rest()
    emit(record(CONTACT, { AccountId: OTHER_ACCOUNT }))
    await rest()
    expect(waits(element)).toBe(true)
    emit(record(OTHER_ACCOUNT, { ...SCORED, ...assay({ churn_risk: 8 }) }))
    await rest()
    expect(text(element)).toContain('8 %')
  })

  it('the page goes on to another record: neither the score nor the error of the last one stays', async () => {
    const element = await openScored()
    element.recordId = OTHER_ACCOUNT
    await rest()
    expect(waits(element)).toBe(true)
    fail(OTHER_ACCOUNT, 500, 'down')
    await rest()
    expect(text(element)).toContain('could not be loaded')
    element.recordId = ACCOUNT
    await rest()
    expect(waits(element)).toBe(true)
  })

  it('buttons come only when the right to press them is known, the score does not wait for that', async () => {
    const element = await open('Account', ACCOUNT)
    emit(record(ACCOUNT, SCORED))
    await rest()
    expect(text(element)).toContain('72 %')
    expect(all(element, 'button')).toHaveLength(0)
    getObjectInfo.emit(rights('Account', true))
    await rest()
    expect(all(element, 'button')).toHaveLength(6)
  })
})

describe('a contact', () => {
  const OWN = assay({ churn_risk: 41, churn_band: 'Medium' })

  it('shows its own scores where contacts are the customers', async () => {
    const element = await open('Contact', CONTACT)
    emit(record(CONTACT, { ...OWN, AccountId: ACCOUNT }))
    await rest()
    expect(text(element)).toContain('41 %')
    expect(text(element)).not.toContain('Scores of the account')
  })

  it('is “not scored” itself where contacts have the fields and its account has not', async () => {
    const element = await open('Contact', CONTACT)
    emit(record(CONTACT, { ...EMPTY, AccountId: ACCOUNT }))
    await rest()
    expect(waits(element)).toBe(true)
    emit(record(ACCOUNT, { Name: 'No fields here' }))
    await rest()
    expect(text(element)).toContain('Nothing was scored for this record yet.')
  })

  it.each([
    ['without an account', { AccountId: null }, 'This contact has no account'],
    ['whose account the viewer may not see', {}, 'You cannot see the account'],
    ['without an account, a customer itself', { ...EMPTY, AccountId: null }, 'Nothing was scored for this record yet.'],
  ])('%s', async (_name, values, said) => {
    const element = await open('Contact', CONTACT)
    emit(record(CONTACT, values))
    await rest()
    expect(text(element)).toContain(said)
  })

  it('whose account is out of reach says so', async () => {
    const element = await open('Contact', CONTACT)
    emit(record(CONTACT, { AccountId: ACCOUNT }))
    await rest()
    fail(ACCOUNT, 403, 'no')
    await rest()
    expect(text(element)).toContain('You cannot see the account')
  })
})

describe('answers to offers', () => {
  it('what was pressed is shown at once, stored with its day, and said to be saved when it is', async () => {
    let finish
    updateRecord.mockReturnValue(new Promise((resolve) => (finish = resolve)))
    const element = await openScored()
    button(element, 1, 'Accepted').click()
    await rest()
    expect(pressed(element, 1)).toEqual(['Accepted'])
    expect(status(element, 1)).toBe('Saving …')
    const [input, options] = updateRecord.mock.calls[0]
    expect(input.fields).toEqual({
      Id: ACCOUNT,
      Assay_offer_1_response__c: 'Accepted',
      Assay_offer_1_response_at__c: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
    })
    expect(options).toEqual({ ifUnmodifiedSince: MODIFIED })
    finish({ lastModifiedDate: '2026-11-22T09:00:00.000Z' })
    await rest()
    expect(status(element, 1)).toBe('Answer: Accepted. Saved.')
    expect(pressed(element, 1)).toEqual(['Accepted'])
  })

  it('a refusal takes it back and says why', async () => {
    updateRecord.mockRejectedValue({
      status: 400,
      body: { message: 'An error occurred', output: { errors: [{ message: 'Closed for the year.' }] } },
    })
    const element = await openScored()
    button(element, 2, 'Accepted').click()
    await rest()
    expect(pressed(element, 2)).toEqual(['Not now'])
    expect(status(element, 2)).toBe('Answer: Not now')
    expect(all(element, '[role="alert"]').map((one) => one.textContent)).toEqual(['Not saved: Closed for the year.'])
  })

  it('the reason of a refused field is told as well, and one without words is still a refusal', async () => {
    const element = await openScored()
    updateRecord.mockRejectedValue({
      body: { output: { errors: [], fieldErrors: { Assay_offer_1_response__c: [{ message: 'Bad value' }] } } },
    })
    button(element, 1, 'Accepted').click()
    await rest()
    expect(all(element, '[role="alert"]')[0].textContent).toBe('Not saved: Bad value')
    updateRecord.mockRejectedValue(undefined)
    button(element, 1, 'Not now').click()
    await rest()
    expect(all(element, '[role="alert"]')[0].textContent).toBe('Not saved. Try again.')
  })

  it('a record that was changed meanwhile is not overwritten but read again', async () => {
    updateRecord.mockRejectedValue({ status: 412, body: { message: 'modified' } })
    const element = await openScored()
    button(element, 1, 'Accepted').click()
    await rest()
    expect(text(element)).toContain('this customer was changed while the page was open')
    expect(notifyRecordUpdateAvailable).toHaveBeenCalledWith([{ recordId: ACCOUNT }])
    expect(pressed(element, 1)).toEqual([])
  })

  it('fresh values are the truth: what was saved and then changed by somebody else is not shown any more', async () => {
    const element = await openScored()
    button(element, 1, 'Accepted').click()
    await rest()
    emit(record(ACCOUNT, { ...SCORED, ...assay({ offer_1_response: 'Accepted' }) }))
    await rest()
    expect(status(element, 1)).toBe('Answer: Accepted. Saved.')
    emit(record(ACCOUNT, { ...SCORED, ...assay({ offer_1_response: 'Not relevant' }) }))
    await rest()
    expect(pressed(element, 1)).toEqual(['Not relevant'])
    expect(status(element, 1)).toBe('Answer: Not relevant')
  })

  it('values that come while it is being saved do not take it back', async () => {
    updateRecord.mockReturnValue(new Promise(() => undefined))
    const element = await openScored()
    button(element, 1, 'Accepted').click()
    await rest()
    emit(record(ACCOUNT, SCORED))
    await rest()
    expect(pressed(element, 1)).toEqual(['Accepted'])
  })

  it('pressed once more, it is taken back, with its day', async () => {
    const element = await openScored()
    button(element, 2, 'Not now').click()
    await rest()
    expect(updateRecord.mock.calls[0][0].fields).toEqual({
      Id: ACCOUNT,
      Assay_offer_2_response__c: null,
      Assay_offer_2_response_at__c: null,
    })
    expect(pressed(element, 2)).toEqual([])
    expect(status(element, 2)).toBe('Answer taken back.')
  })

  it('two answers are stored one after the other, the second knowing of the first', async () => {
    const finishes = []
    updateRecord.mockImplementation(() => new Promise((resolve) => finishes.push(resolve)))
    const element = await openScored()
    button(element, 1, 'Accepted').click()
    button(element, 2, 'Not relevant').click()
    await rest()
    expect(updateRecord).toHaveBeenCalledTimes(1)
    finishes[0]({ lastModifiedDate: '2026-11-22T09:00:00.000Z' })
    await rest()
    expect(updateRecord.mock.calls[1][1]).toEqual({ ifUnmodifiedSince: '2026-11-22T09:00:00.000Z' })
  })

  it('a change of mind while the first answer is being stored: the second one stands', async () => {
    const finishes = []
    updateRecord.mockImplementation(() => new Promise((resolve) => finishes.push(resolve)))
    const element = await openScored()
    button(element, 1, 'Accepted').click()
    button(element, 1, 'Not relevant').click()
    await rest()
    finishes[0]({})
    await rest()
    expect(pressed(element, 1)).toEqual(['Not relevant'])
    expect(status(element, 1)).toBe('Saving …')
    finishes[1]({})
    await rest()
    expect(status(element, 1)).toBe('Answer: Not relevant. Saved.')
  })

  it('an answer belongs to its customer: it does not show on the next one', async () => {
    let refuse
    updateRecord.mockReturnValue(new Promise((_resolve, reject) => (refuse = reject)))
    const element = await openScored()
    button(element, 1, 'Accepted').click()
    await rest()
    element.recordId = OTHER_ACCOUNT
    await rest()
    emit(record(OTHER_ACCOUNT, SCORED))
    await rest()
    expect(pressed(element, 1)).toEqual([])
    refuse({ body: { message: 'no' } })
    await rest()
    expect(all(element, '[role="alert"]')).toHaveLength(0)
  })

  it('on a contact the answer goes to the account', async () => {
    const element = await open('Contact', CONTACT)
    emit(record(CONTACT, { AccountId: ACCOUNT }))
    await rest()
    emit(record(ACCOUNT, SCORED))
    getObjectInfo.emit(rights('Account', true))
    await rest()
    button(element, 1, 'Accepted').click()
    await rest()
    expect(updateRecord.mock.calls[0][0].fields.Id).toBe(ACCOUNT)
  })

  it('who may not edit the field sees the answers and no buttons', async () => {
    const element = await open('Account', ACCOUNT)
    emit(record(ACCOUNT, SCORED))
    getObjectInfo.emit(rights('Account', false))
    await rest()
    expect(all(element, 'button')).toHaveLength(0)
    expect(text(element)).toContain('Answer: Not now')
  })

  it('rights that cannot be read do not hide the buttons: saving will tell', async () => {
    const element = await open('Account', ACCOUNT)
    emit(record(ACCOUNT, SCORED))
    getObjectInfo.emitError({ status: 500 })
    await rest()
    expect(all(element, 'button')).toHaveLength(6)
  })

  it('an admin can leave the offers out', async () => {
    const element = await openScored({ hideOffers: true })
    expect(text(element)).not.toContain('Seal kit')
  })
})
