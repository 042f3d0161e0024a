import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { knownData } from './known-data.ts'

export interface Line {
  readonly invoice: string
  readonly code: string
  readonly name: string
  readonly quantity: number
  /** Epoch ms. */
  readonly at: number
  readonly price: number
  readonly customer: string
}

/** Lines of UCI Online Retail that are sales to a known customer: 397,884 of 541,909. Null where the file is absent. */
export function onlineRetail(): Line[] | null {
  const path = knownData('online-retail/online-retail.csv.gz')
  if (path === null) return null
  const text = gunzipSync(readFileSync(path)).toString('utf8')
  const lines: Line[] = []
  for (const row of text.split('\n').slice(1)) {
    const parts = /^"([^"]*)","([^"]*)",(?:"((?:[^"]|"")*)"|NA|),(-?\d+),([^,]+),(-?[\d.e+]+),(\d+)/.exec(row)
    if (parts === null) continue
    const [, invoice, code, name, quantity, at, price, customer] = parts
    if (Number(quantity) <= 0 || Number(price) <= 0) continue
    lines.push({
      invoice: invoice!,
      code: code!,
      name: name ?? '',
      quantity: Number(quantity),
      at: Date.parse(`${at!.replaceAll('"', '').replace(' ', 'T')}Z`),
      price: Number(price),
      customer: customer!,
    })
  }
  return lines
}
