import { XMLBuilder } from 'fast-xml-parser'

const NAMESPACE = 'http://soap.sforce.com/2006/04/metadata'

const builder = new XMLBuilder({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  format: true,
  indentBy: '    ',
  suppressEmptyNode: false,
})

const FIRST = 'fullName'
const before = (a: string, b: string): boolean => (b !== FIRST && a < b) || a === FIRST

/** Element by element in the order of the alphabet after the name, as Salesforce's own tools write them; an empty list has no element. */
const inOrder = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(inOrder)
  if (value === null || typeof value !== 'object') return value
  const entries = Object.entries(value).filter(([, one]) => one !== undefined && !(Array.isArray(one) && one.length === 0))
  return Object.fromEntries(entries.sort(([a], [b]) => (before(a, b) ? -1 : 1)).map(([name, one]) => [name, inOrder(one)]))
}

/** A metadata document: `root` is the type of the component, `body` its typed members. */
export const metadataXml = (root: string, body: object): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n${builder.build({ [root]: { '@xmlns': NAMESPACE, ...(inOrder(body) as object) } })}`
