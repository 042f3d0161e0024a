import { describe, expect, test } from 'vitest'
import { startChild } from './children.ts'
import { ENGINES } from './planes.ts'

describe.each(ENGINES)('SIGKILL in the middle of outbox writes, $name', ({ make }) => {
  test('loses no acknowledged row and leaves no half batch', async () => {
    const plane = await make()
    try {
      const acknowledged: number[] = []
      for (const batches of [3, 40]) {
        const writer = startChild('./outbox-writer.ts', [plane.home, plane.databaseUrl ?? '', String(acknowledged.length + 100 * batches)])
        try {
          for (let read = 0; read < batches; read += 1) acknowledged.push(await writer.next<number>())
        } finally {
          // It goes on writing: the kill comes somewhere inside a batch that nobody was told about.
          await writer.kill()
        }
      }
      const control = await plane.open('acme')
      const kept = new Map<string, number>()
      for (const row of await control.outbox.waiting('c', 0, 100_000)) {
        const batch = row.id.split('-')[0]!
        expect(row.values).toEqual({ churn_risk: Number(batch) })
        kept.set(batch, (kept.get(batch) ?? 0) + 1)
      }
      expect(acknowledged.filter((batch) => kept.get(String(batch)) !== 10)).toEqual([])
      expect([...kept.values()].filter((rows) => rows !== 10)).toEqual([])
      await control.outbox.put('c', 'after', [{ object: 'account', id: 'after', values: {}, after: {} }])
    } finally {
      await plane.remove()
    }
  })
})
