import { createHmac } from 'node:crypto'
import type { Delivery } from '@assay/shared'
import { describe, expect, it } from 'vitest'
import { hubspot } from '../src/index.ts'
import { settings } from '../src/settings.ts'
import { isGenuine } from '../src/signature.ts'

const NOW = 1_700_000_000_000
const SECRET = 'yyyyyyyy-yyyy-yyyy-yyyy-yyyyyyyyyyyy'
const URL_OF = 'https://assay.example.com/webhooks/hubspot'
const PORTAL = 62_515
const given = settings.parse({ token: 't', appSecret: SECRET, portal: PORTAL })

const delivery = (method: string, url: string, body: string, signature: string, timestamp = String(NOW)): Delivery => {
  const headers: Readonly<Record<string, string>> = { 'x-hubspot-signature-v3': signature, 'x-hubspot-request-timestamp': timestamp }
  return { method, url, body: Buffer.from(body), header: (name) => headers[name] }
}
const signed = (body: string, url = URL_OF, timestamp = String(NOW)): Delivery =>
  delivery('POST', url, body, createHmac('sha256', SECRET).update(`POST${url}${body}${timestamp}`).digest('base64'), timestamp)
const told = (...events: object[]) =>
  hubspot.webhook!.read(given, signed(JSON.stringify(events.map((one) => ({ portalId: PORTAL, ...one })))), NOW)

describe('the signature', () => {
  // Computed with the OpenSSL command over the documented concatenation; HubSpot publishes none for version 3.
  it.each([
    ['POST', 'https://www.example.com/webhook_uri', '{"example_field":"example_value"}', 'rQEKkaNUiu+1qGF//O/pw4BCzstSqO1PyUnGICmf+7o='],
    ['GET', 'https://www.example.com/score?objectId=123&userEmail=a%40b.co', '', 'HtrlBsJnE/dvYlUnVCnxWvPGRuweFxKGqu+gP3xVhTM='],
    ['GET', 'https://www.example.com/score?objectId=123&userEmail=a@b.co', '', 'HtrlBsJnE/dvYlUnVCnxWvPGRuweFxKGqu+gP3xVhTM='],
  ])('of %s %s', (method, url, body, signature) => {
    expect(isGenuine(SECRET, delivery(method, url, body, signature), NOW)).toBe(true)
    expect(isGenuine(SECRET, delivery(method, `${url}x`, body, signature), NOW)).toBe(false)
    expect(isGenuine(SECRET, delivery(method, url, `${body} `, signature), NOW)).toBe(false)
    expect(isGenuine('another-secret', delivery(method, url, body, signature), NOW)).toBe(false)
  })

  it('undoes only the escapes that HubSpot undoes, whatever their case', () => {
    const sign = (source: string) => createHmac('sha256', SECRET).update(source).digest('base64')
    const url = 'https://h.example/p?a=%3a%2F%3f%40%21%24%27%28%29%2a%2C%3b&b=%26%25%20%3D'
    const source = `GEThttps://h.example/p?a=:/?@!$'()*,;&b=%26%25%20%3D${NOW}`
    expect(isGenuine(SECRET, delivery('GET', url, '', sign(source)), NOW)).toBe(true)
  })

  it.each([-300_001, 300_001])('%i ms away from now is refused, a millisecond less is not', (away) => {
    expect(isGenuine(SECRET, signed('[]'), NOW + away)).toBe(false)
    expect(isGenuine(SECRET, signed('[]'), NOW + away - Math.sign(away))).toBe(true)
  })

  it.each(['', 'soon', '-5', '1e3', `${NOW} `])('with the timestamp %j is refused', (timestamp) => {
    expect(isGenuine(SECRET, signed('[]', URL_OF, timestamp), NOW)).toBe(false)
  })

  it('is over bytes: a body that is no text counts as it came', () => {
    const body = Buffer.from([0xff, 0xfe, 0x5b, 0x5d])
    const signature = createHmac('sha256', SECRET).update(`POST${URL_OF}`).update(body).update(String(NOW)).digest('base64')
    const headers: Readonly<Record<string, string>> = { 'x-hubspot-signature-v3': signature, 'x-hubspot-request-timestamp': String(NOW) }
    expect(isGenuine(SECRET, { method: 'POST', url: URL_OF, body, header: (name) => headers[name] }, NOW)).toBe(true)
  })
})

describe('what a delivery says', () => {
  it('which records changed, each once, in either form of event', () => {
    expect(
      told(
        { subscriptionType: 'contact.propertyChange', objectId: 512, propertyName: 'email', propertyValue: 'a@b.c' },
        { subscriptionType: 'object.propertyChange', objectTypeId: '0-1', objectId: 512, propertyName: 'lastname' },
        { subscriptionType: 'object.creation', objectTypeId: '0-3', objectId: 9 },
        { subscriptionType: 'contact.deletion', objectId: 513, changeFlag: 'DELETED' },
      ),
    ).toMatchObject({
      changed: [
        { kind: 'contact', id: '512' },
        { kind: 'deal', id: '9' },
        { kind: 'contact', id: '513' },
      ],
      erased: [],
    })
  })

  it('both ends of a link, and all who took part in a merge', () => {
    expect(
      told({ subscriptionType: 'contact.associationChange', associationType: 'CONTACT_TO_COMPANY', fromObjectId: 1, toObjectId: 7 })
        ?.changed,
    ).toEqual([
      { kind: 'contact', id: '1' },
      { kind: 'account', id: '7' },
    ])
    const merged = {
      subscriptionType: 'object.merge',
      objectTypeId: '0-2',
      objectId: 99,
      primaryObjectId: 1,
      mergedObjectIds: [2],
      newObjectId: 99,
    }
    expect(told(merged)?.changed.map(({ id }) => id)).toEqual(['1', '99', '2'])
  })

  it('who asked to be forgotten', () => {
    expect(told({ subscriptionType: 'contact.privacyDeletion', objectId: 512 })).toMatchObject({
      changed: [],
      erased: [{ kind: 'contact', id: '512' }],
    })
  })

  it('nothing of what we write ourselves, but what people answer', () => {
    const property = (propertyName: string) => ({
      subscriptionType: 'object.propertyChange',
      objectTypeId: '0-2',
      objectId: 7,
      propertyName,
    })
    expect(told(property('assay_churn_risk'))?.changed).toEqual([])
    expect(told(property('assay_offer_1_response'))?.changed).toEqual([{ kind: 'account', id: '7' }])
  })

  it('nothing of another portal, of unknown types, or of what is no event', () => {
    expect(
      told(
        { portalId: 1, subscriptionType: 'contact.creation', objectId: 5 },
        { subscriptionType: 'conversation.creation', objectId: 5 },
        { subscriptionType: 'object.creation', objectTypeId: 'constructor', objectId: 5 },
        { something: 'else' },
      ),
    ).toMatchObject({ changed: [], erased: [] })
  })

  it('nothing at all where the signature is wrong, or no secret or portal is known', () => {
    const body = JSON.stringify([{ portalId: PORTAL, subscriptionType: 'contact.creation', objectId: 5 }])
    const read = hubspot.webhook!.read.bind(hubspot.webhook)
    const couldBe = (headers: Record<string, string>): boolean =>
      hubspot.webhook!.couldBe({ method: 'POST', url: 'https://a.example/', header: (name) => headers[name], body: new Uint8Array() }, NOW)
    const [time, proof] = ['x-hubspot-request-timestamp', 'x-hubspot-signature-v3']
    const looks = { [time]: String(NOW), [proof]: `${'a'.repeat(43)}=` }
    expect(couldBe(looks)).toBe(true)
    expect([couldBe({}), couldBe({ [time]: String(NOW) }), couldBe({ ...looks, [proof]: 'a' })]).toEqual([false, false, false])
    expect(couldBe({ ...looks, [time]: String(NOW - 301_000) })).toBe(false)
    expect(read(settings.parse({ token: 't', appSecret: 'other', portal: PORTAL }), signed(body), NOW)).toBeNull()
    expect(read(settings.parse({ token: 't' }), signed(body), NOW)).toBeNull()
    const oauth = { clientId: 'c', clientSecret: SECRET, refreshToken: 'r' }
    expect(read(settings.parse({ oauth }), signed(body), NOW)).toBeNull()
    expect(read(settings.parse({ oauth, portal: PORTAL }), signed(body), NOW)?.changed).toHaveLength(1)
  })

  it('a genuine delivery that is no list is a fault that is told', () => {
    expect(() => hubspot.webhook!.read(given, signed('{}'), NOW)).toThrow(/no list of events/)
    expect(() => hubspot.webhook!.read(given, signed('not json'), NOW)).toThrow(/no list of events/)
  })
})
