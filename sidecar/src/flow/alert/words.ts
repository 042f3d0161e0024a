import { REST_SIGN } from '@assay/shared'
import type { AlertState } from '../../control/control.ts'
import type { Stake } from '../../features/stakes.ts'
import type { ChurnScore } from '../../store/churn-scores.ts'

/** The strongest signs for it, none that not everybody may read. */
export const reason = (score: ChurnScore): string =>
  score.signs
    .filter((sign) => sign.contribution > 0 && !sign.restricted && sign.feature !== REST_SIGN)
    .slice(0, 2)
    .map((sign) => sign.text)
    .join('; ') || 'several small signs together'

/** Title and body of the task about one customer. */
export function taskWords(event: string, score: ChurnScore, about: Stake | undefined): { readonly title: string; readonly body: string } {
  const risk = Math.round(score.risk)
  const money = about && about.money > 0 ? ` Spent in the last year: ${Math.round(about.money).toLocaleString('en')}.` : ''
  return {
    title: `${about?.name ?? 'This customer'} may leave: ${risk} % risk`,
    body: `Chance of ${event}: ${risk} %. Signs: ${reason(score)}.${money}`,
  }
}

/** Title and body of a digest, in the order of the members. */
export function digestWords(
  members: readonly AlertState[],
  scores: ReadonlyMap<string, ChurnScore>,
  about: ReadonlyMap<string, Stake>,
): { readonly title: string; readonly body: string } {
  const lines = members.map(({ id }) => {
    const score = scores.get(id)
    const name = about.get(id)?.name ?? id
    return score ? `${name}: ${Math.round(score.risk)} % (${reason(score)})` : `${name}: not scored today`
  })
  return {
    title: members.length === 1 ? '1 more customer may leave' : `${members.length} more customers may leave`,
    body: lines.join('\n'),
  }
}

/** Title and body of a task that nobody will update any more. */
export const endWords = (about: Stake | undefined): { readonly title: string; readonly body: string } => ({
  title: `${about?.name ?? 'At risk'}: closed with Assay`,
  body: 'Assay was removed here, so it warns of nobody any more.',
})

/** Title and body of a task whose cause is gone. */
export function overWords(why: 'recovered' | 'not scored', about: Stake | undefined): { readonly title: string; readonly body: string } {
  const name = about?.name ?? 'This customer'
  return why === 'recovered'
    ? { title: `${name}: recovered`, body: 'The risk went down again and stayed down.' }
    : {
        title: `${name}: no longer scored`,
        body: 'This customer is no longer among those that are scored, so there is no risk to warn of.',
      }
}
