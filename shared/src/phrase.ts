import type { FeatureInfo } from './frame.ts'

const whole = (value: number): string => Math.round(value).toLocaleString('en')
const short = (value: number): string =>
  Math.abs(value) >= 100 ? whole(value) : String(Number(value.toFixed(Math.abs(value) < 10 ? 1 : 0)))

/** A value as people say it, by its unit: "94 days", "37 %", "12,300". Money carries its currency where it is known. */
export function sayValue(unit: FeatureInfo['unit'], value: number | string, currency?: string | null): string {
  if (typeof value === 'string') return value
  switch (unit) {
    case 'days':
      return `${whole(value)} ${Math.round(value) === 1 ? 'day' : 'days'}`
    case 'count':
      return whole(value)
    case 'money':
      return currency ? `${whole(value)} ${currency}` : whole(value)
    case 'share':
      return `${whole(value * 100)} %`
    default:
      return short(value)
  }
}

/** What a sign adds to the risk or takes from it, in points: "(+14)", "(−3)". */
export const sayPoints = (points: number): string => `(${points >= 0 ? '+' : '−'}${Math.abs(Math.round(points))})`

/** A feature and its value as one phrase: "94 days since the last order". */
export const sayFeature = (info: FeatureInfo, value: number | string, currency?: string | null): string =>
  info.phrase.replace('{value}', sayValue(info.unit, value, currency))
