import assert from 'node:assert/strict'
import { CHURN_FIELDS, SEGMENT_FIELDS } from '@assay/shared'
import type { ScoreObject } from '@assay/shared'
import { rejectsWith, type ConnectorCheck, type Subject } from '../check.ts'

const WANTED = [...CHURN_FIELDS.slice(0, 3), ...SEGMENT_FIELDS]

const object = ({ connector }: Subject): ScoreObject => {
  const first = connector.capabilities.objects[0]
  assert.ok(first !== undefined, 'no object carries scores')
  return first
}
const names = async (subject: Subject): Promise<string[]> => (await subject.crm.fields(object(subject))).map(({ name }) => name).sort()
const wanted = (subject: Subject): string[] => WANTED.map((field) => subject.crm.fieldName(field)).sort()

const makesFields: ConnectorCheck['leftOut'] = (can) => {
  if (can.fields === 'package') return 'fields come by a package that an admin installs'
  return can.fields ? null : 'the connector makes no fields'
}

export const fieldChecks: readonly ConnectorCheck[] = [
  {
    name: 'fields: plan says what ensureFields then does, once',
    leftOut: makesFields,
    async run(subject) {
      const session = subject.open()
      const plan = await session.plan(WANTED)
      assert.deepEqual(await names(subject), [], 'plan() made something')
      assert.equal(plan.keep.length + plan.clash.length, 0)
      const receipt = await session.ensureFields(WANTED)
      assert.deepEqual(await names(subject), wanted(subject))
      const planned = plan.create.map(({ object: on, name }) => `${on}.${name}`).sort()
      const made = receipt.made.filter(({ type }) => type === 'field').map(({ object: on, name }) => `${on}.${name}`)
      assert.deepEqual(made.sort(), planned)
      assert.deepEqual((await session.ensureFields(WANTED)).made, [], 'made again what was there')
      const again = await subject.open().plan(WANTED)
      assert.equal(again.create.length + again.clash.length, 0)
      assert.equal(again.keep.length, planned.length)
      assert.deepEqual(await names(subject), wanted(subject))
    },
  },
  {
    name: 'fields: a field of the same name and another type is a clash, and nothing is made or retyped',
    leftOut: makesFields,
    async run(subject) {
      const risk = CHURN_FIELDS[0]
      assert.ok(risk !== undefined)
      await subject.crm.makeTextField(object(subject), risk.name)
      const before = await subject.crm.fields(object(subject))
      const session = subject.open()
      const plan = await session.plan(WANTED)
      assert.ok(
        plan.clash.some(({ name, why }) => name === subject.crm.fieldName(risk) && why !== ''),
        'plan() does not name the clash',
      )
      const error = await rejectsWith(['config'], () => session.ensureFields(WANTED))
      assert.ok(`${error.message} ${error.hint ?? ''}`.includes(risk.name), 'the error names the field')
      assert.deepEqual(await subject.crm.fields(object(subject)), before)
    },
  },
  {
    name: 'fields: removeFields takes back exactly what the receipt names, and says what is left',
    leftOut: makesFields,
    async run(subject) {
      await subject.crm.makeTextField(object(subject), 'own_notes')
      const foreign = await names(subject)
      assert.equal(foreign.length, 1)
      const session = subject.open()
      const receipt = await session.ensureFields(WANTED)
      const removal = await session.removeFields(receipt)
      assert.deepEqual(await names(subject), foreign, 'only the field that a person made may be there')
      assert.deepEqual(
        [...new Set(removal.removed.map(({ name }) => name))].filter((name) => wanted(subject).includes(name)).sort(),
        wanted(subject),
      )
      assert.ok(
        removal.left.some(({ name }) => foreign.includes(name)),
        'does not say what is left',
      )
      const twice = await session.removeFields(receipt)
      assert.deepEqual(twice.removed, [], 'removed something twice')
    },
  },
  {
    name: 'fields: removeFields works without a receipt',
    leftOut: makesFields,
    async run(subject) {
      await subject.crm.makeTextField(object(subject), 'own_notes')
      const foreign = await names(subject)
      await subject.open().ensureFields(WANTED)
      const removal = await subject.open().removeFields(null)
      assert.deepEqual(await names(subject), foreign)
      assert.ok(removal.left.some(({ name }) => foreign.includes(name)))
      assert.deepEqual(removal.blocked, [])
    },
  },
]
