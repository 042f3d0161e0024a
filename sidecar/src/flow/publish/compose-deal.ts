import { REST_SIGN, type Sign } from '@assay/shared'
import { clip, type ComposeInput, noScore, sentence } from './compose.ts'

/** All of Assay's fields of one open deal, as they should stand; a field that is missing here is to be empty. */
export function composeDeal({ said, notes, scoredAt }: ComposeInput): Readonly<Record<string, string>> {
  const wins = said.find(({ miner }) => miner === 'wins')
  if (!wins) return {}
  const fields: Record<string, string> = { scored_at: new Date(scoredAt).toISOString() }
  if (wins.unscored === null) {
    const chance = Math.round(Number(wins.fields['win_chance']))
    fields['win_chance'] = String(chance)
    // One field, read by everybody who sees the deal.
    const signs = (JSON.parse(wins.signs) as readonly Sign[]).filter((sign) => sign.feature !== REST_SIGN && !sign.restricted)
    if (signs.length > 0) fields['win_signs'] = sentence(signs)
    fields['score_note'] = notes.get(wins.model)?.(chance) ?? ''
  } else fields['score_note'] = noScore('No win chance', wins)
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, clip(value)]))
}
