import { XMLParser, XMLValidator } from 'fast-xml-parser'

/** An element: its members by name, texts as they stand, repeated members as lists. */
export type Element = Readonly<Record<string, unknown>>

const parser = new XMLParser({ ignoreAttributes: true, parseTagValue: false, removeNSPrefix: true, trimValues: true })
/** With attributes, for `xsi:type` in SOAP calls. */
const typed = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  parseTagValue: false,
  removeNSPrefix: true,
  trimValues: true,
})

export interface XmlProblem {
  readonly message: string
  readonly line: number
  readonly column: number
}

/** The root element of a document by its name, or where it is not well-formed. */
export function parseXml(text: string): { readonly root: string; readonly element: Element } | { readonly problem: XmlProblem } {
  const checked = XMLValidator.validate(text)
  if (checked !== true) return { problem: { message: checked.err.msg, line: checked.err.line, column: checked.err.col } }
  const document = parser.parse(text) as Record<string, unknown>
  const root = Object.keys(document).find((name) => !name.startsWith('?')) ?? ''
  return { root, element: elementOf(document[root]) }
}

/** The first element in the body of a SOAP envelope. */
export function soapBody(text: string): Element {
  const envelope = elementOf((typed.parse(text) as Record<string, unknown>)['Envelope'])
  const body = elementOf(envelope['Body'])
  return elementOf(Object.entries(body).find(([name]) => !name.startsWith('@'))?.[1])
}

/** An empty element parses as an empty text. */
export const elementOf = (value: unknown): Element => (typeof value === 'object' && value !== null ? (value as Element) : {})
export const listOf = (value: unknown): readonly unknown[] =>
  value === undefined || value === '' ? [] : Array.isArray(value) ? value : [value]
export const elementsOf = (value: unknown): readonly Element[] => listOf(value).map(elementOf)
export const textOf = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null)
export const isTrue = (value: unknown): boolean => value === 'true' || value === true
