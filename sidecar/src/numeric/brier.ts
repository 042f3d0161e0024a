/** Mean squared gap between probability and outcome (Brier 1950): lower is better. NaN when empty. */
export function brier(probability: ArrayLike<number>, outcome: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < probability.length; i++) sum += (probability[i]! - outcome[i]!) ** 2
  return sum / probability.length
}
