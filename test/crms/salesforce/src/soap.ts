import type { Reply } from './reply.ts'
import { plainText } from './values.ts'

/** The SOAP envelope around the Metadata API. */
const ENVELOPE = 'http://schemas.xmlsoap.org/soap/envelope/'
const METADATA = 'http://soap.sforce.com/2006/04/metadata'

/** The method a request calls, without reading all of it: a deployment can be long. */
export function soapMethodOf(text: string): string | null {
  return /<(?:[\w-]+:)?Body[^>]*>\s*<(?:[\w-]+:)?(\w+)/.exec(text.slice(0, 20_000))?.[1] ?? null
}

export function soapSessionOf(text: string): string {
  return unescaped(/<(?:[\w-]+:)?sessionId[^>]*>([^<]*)</.exec(text.slice(0, 20_000))?.[1] ?? '')
}

export const escaped = (text: string): string =>
  text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;')
const unescaped = (text: string): string =>
  text
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&apos;/g, "'")
    .replace(/&amp;/g, '&')

const enveloped = (body: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="${ENVELOPE}" xmlns="${METADATA}" xmlns:sf="${METADATA}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soapenv:Body>${body}</soapenv:Body></soapenv:Envelope>`

/** `<deployResponse><result>…` */
export const soapReply = (method: string, results: readonly string[]): Reply => ({
  status: 200,
  raw: { text: enveloped(`<${method}Response>${results.join('')}</${method}Response>`), contentType: 'text/xml;charset=UTF-8' },
})

export const soapFault = (code: string, message: string): Reply => ({
  status: 500,
  raw: {
    text: enveloped(`<soapenv:Fault><faultcode>${escaped(code)}</faultcode><faultstring>${escaped(message)}</faultstring></soapenv:Fault>`),
    contentType: 'text/xml;charset=UTF-8',
  },
})

/** Plain values as XML: lists repeat their element, null and undefined are left out, members keep their order. */
export function xmlOf(name: string, value: unknown): string {
  if (value === null || value === undefined) return ''
  if (Array.isArray(value)) return value.map((each) => xmlOf(name, each)).join('')
  if (typeof value !== 'object') return `<${name}>${escaped(plainText(value))}</${name}>`
  const type = (value as { readonly $type?: string }).$type
  const inside = Object.entries(value)
    .filter(([key]) => key !== '$type')
    .map(([key, each]) => xmlOf(key, each))
  return `<${name}${type === undefined ? '' : ` xsi:type="${type}"`}>${inside.join('')}</${name}>`
}
