import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Delivery } from '@assay/shared'

/** How old (ms) a signed call may be, and how far ahead the sender's clock. */
const PATIENCE = 5 * 60_000

/** Escapes that HubSpot undoes in the address before it signs; all others stay as they are. */
const UNDONE = /%(3A|2F|3F|40|21|24|27|28|29|2A|2C|3B)/gi

/**
 * Whether HubSpot signed this call with the app's secret, by its version 3: HMAC-SHA256 over method, address, body and
 * timestamp, in base64. Compared in constant time; `now` is epoch ms.
 * https://developers.hubspot.com/docs/apps/legacy-apps/authentication/validating-requests
 */
export function isGenuine(secret: string, { method, url, header, body }: Delivery, now: number): boolean {
  if (!looksSigned({ header }, now)) return false
  const timestamp = header('x-hubspot-request-timestamp') ?? ''
  const claimed = Buffer.from(header('x-hubspot-signature-v3') ?? '')
  const expected = Buffer.from(signatureOf(secret, { method, url, body, timestamp }))
  return claimed.length === expected.length && timingSafeEqual(claimed, expected)
}

/** Whether there is a signature of that version at all, and a time within the last minutes. */
export function looksSigned({ header }: Pick<Delivery, 'header'>, now: number): boolean {
  const timestamp = header('x-hubspot-request-timestamp') ?? ''
  const isRecent = /^\d{1,15}$/.test(timestamp) && Math.abs(now - Number(timestamp)) <= PATIENCE
  return isRecent && /^[A-Za-z0-9+/]{43}=$/.test(header('x-hubspot-signature-v3') ?? '')
}

function signatureOf(
  secret: string,
  { method, url, body, timestamp }: Pick<Delivery, 'method' | 'url' | 'body'> & { readonly timestamp: string },
): string {
  const address = url.replace(UNDONE, (escape) => decodeURIComponent(escape))
  return createHmac('sha256', secret).update(`${method}${address}`).update(body).update(timestamp).digest('base64')
}
