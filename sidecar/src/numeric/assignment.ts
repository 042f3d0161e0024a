/**
 * The cheapest way to give each row a column of its own (Kuhn 1955, the Hungarian method; shortest augmenting paths with
 * potentials as in Jonker & Volgenant 1987). `costs[row][column]`, any shape; where one side is longer, the rest of it gets
 * nothing. O(n² m) with n the shorter side.
 *
 * @returns for each row its column, or -1
 */
export function cheapestAssignment(costs: readonly (readonly number[])[]): number[] {
  const rows = costs.length
  const columns = costs[0]?.length ?? 0
  if (rows > columns) {
    const turned = cheapestAssignment(Array.from({ length: columns }, (_, j) => costs.map((row) => row[j]!)))
    const found = Array.from({ length: rows }, () => -1)
    turned.forEach((row, column) => {
      if (row >= 0) found[row] = column
    })
    return found
  }
  // One-based, so that 0 can stand for "nobody".
  const rowPotential = new Float64Array(rows + 1)
  const columnPotential = new Float64Array(columns + 1)
  const rowOf = new Int32Array(columns + 1)
  const cameFrom = new Int32Array(columns + 1)
  for (let row = 1; row <= rows; row++) {
    rowOf[0] = row
    let at = 0
    const shortest = new Float64Array(columns + 1).fill(Infinity)
    const done = new Uint8Array(columns + 1)
    do {
      done[at] = 1
      const from = rowOf[at]!
      let step = Infinity
      let next = 0
      for (let column = 1; column <= columns; column++) {
        if (done[column]) continue
        const reduced = costs[from - 1]![column - 1]! - rowPotential[from]! - columnPotential[column]!
        if (reduced < shortest[column]!) {
          shortest[column] = reduced
          cameFrom[column] = at
        }
        if (shortest[column]! < step) {
          step = shortest[column]!
          next = column
        }
      }
      for (let column = 0; column <= columns; column++) {
        if (done[column]) {
          rowPotential[rowOf[column]!]! += step
          columnPotential[column]! -= step
        } else shortest[column]! -= step
      }
      at = next
    } while (rowOf[at] !== 0)
    while (at !== 0) {
      rowOf[at] = rowOf[cameFrom[at]!]!
      at = cameFrom[at]!
    }
  }
  const found = Array.from({ length: rows }, () => -1)
  for (let column = 1; column <= columns; column++) if (rowOf[column]! > 0) found[rowOf[column]! - 1] = column - 1
  return found
}
