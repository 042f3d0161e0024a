/** Keeps the last `most` things that were asked for; what is not kept is made again. */
export function createKept<Value>(most: number): (key: string | number, make: () => Value) => Value {
  const kept = new Map<string | number, Value>()
  return (key, make) => {
    const known = kept.get(key)
    if (known !== undefined) {
      kept.delete(key)
      kept.set(key, known)
      return known
    }
    const made = make()
    kept.set(key, made)
    if (kept.size > most) for (const oldest of kept.keys()) return (kept.delete(oldest), made)
    return made
  }
}
