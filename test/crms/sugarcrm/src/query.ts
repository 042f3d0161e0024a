/** A query as PHP reads it: `filter[0][name][$starts]=A` is an object in an object. */
export function queryOf(params: URLSearchParams): Record<string, unknown> {
  const made: Record<string, unknown> = {}
  for (const [name, value] of params) {
    const [, first = name, rest = ''] = /^([^[]+)((?:\[[^\]]*\])*)$/.exec(name) ?? []
    const keys = [first, ...[...rest.matchAll(/\[([^\]]*)\]/g)].map((match) => match[1] ?? '')]
    let place = made
    keys.forEach((key, depth) => {
      const own = key === '' ? String(Object.keys(place).length) : key
      if (depth === keys.length - 1) place[own] = value
      else {
        const inner = place[own]
        const next = typeof inner === 'object' && inner !== null ? (inner as Record<string, unknown>) : {}
        place[own] = next
        place = next
      }
    })
  }
  return made
}
