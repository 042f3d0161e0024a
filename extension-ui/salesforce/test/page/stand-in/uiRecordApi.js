import { adapter, changed, org } from './org.js'

export const getRecord = adapter(['recordId', 'optionalFields'], ({ recordId, optionalFields }) => {
  org.asked.push(recordId)
  if (org.slow.includes(recordId)) return null
  if (org.errors[recordId]) return { data: undefined, error: org.errors[recordId] }
  const record = org.records[recordId]
  if (record === undefined) return { data: undefined, error: { status: 404, body: { message: 'The requested resource does not exist' } } }
  const names = optionalFields.map((name) => name.split('.')[1]).filter((name) => name in record)
  return { data: { id: recordId, fields: Object.fromEntries(names.map((name) => [name, { value: record[name] }])) }, error: undefined }
})

const held = () =>
  new Promise((resolve) => {
    const look = () => (org.held ? window.setTimeout(look, 10) : resolve())
    look()
  })

export async function updateRecord(input, options) {
  org.saves.push({ input, options })
  await held()
  if (org.refusal) throw org.refusal
  const { Id, ...fields } = input.fields
  Object.assign(org.records[Id], fields, { LastModifiedDate: new Date().toISOString() })
  changed()
  return { id: Id, lastModifiedDate: org.records[Id].LastModifiedDate }
}

export const notifyRecordUpdateAvailable = async () => changed()
