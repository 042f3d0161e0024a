import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { startChild } from './children.ts'
import { ENGINES } from './planes.ts'

describe.each(ENGINES)('one at a time, $name', ({ make }) => {
  test('a step of a connection is refused while it runs, and free when it has ended in either way', async () => {
    const plane = await make()
    try {
      const control = await plane.open('acme')
      // On a server the other one is another process with a connection of its own; embedded there is only this one.
      const other = plane.databaseUrl === null ? control : await plane.open('acme')
      const first = await control.runs.start('sync', 'c')
      await expect(other.runs.start('sync', 'c')).rejects.toMatchObject({
        kind: 'limit',
        message: expect.stringMatching(/^Another assay process is at the step "sync" of c, since \d{4}-/) as string,
      })
      const elsewhere = await other.runs.start('sync', 'd')
      const publish = await other.runs.start('publish', 'c')
      // What is forgotten must not be written down again by a step that began before.
      await expect(other.runs.start('erase', 'c')).rejects.toMatchObject({ kind: 'limit' })
      await control.runs.finish(first.id, {})
      await other.runs.fail(publish.id, 'offline')
      const erase = await other.runs.start('erase', 'c')
      await expect(control.runs.start('sync', 'c')).rejects.toMatchObject({ message: expect.stringContaining('"erase"') as string })
      await other.runs.finish(erase.id, {})
      await other.runs.finish(elsewhere.id, {})
      const again = await control.runs.start('sync', 'c')
      expect(again.lost.aborted).toBe(false)
      await control.runs.finish(again.id, {})
      expect((await control.runs.list(9)).map((run) => run.state)).not.toContain('running')
    } finally {
      await plane.remove()
    }
  })

  test('another organisation has nothing to do with it', async () => {
    const plane = await make()
    try {
      const acme = await plane.open('acme')
      const run = await acme.runs.start('sync', 'c')
      if (plane.databaseUrl === null) await acme.close()
      const other = await plane.open('other')
      await other.runs.finish((await other.runs.start('sync', 'c')).id, {})
      expect(run.step).toBe('sync')
    } finally {
      await plane.remove()
    }
  })

  test('what a killed process left running is over as soon as somebody looks', async () => {
    const plane = await make()
    try {
      const child = startChild('./run-starter.ts', [plane.home, plane.databaseUrl ?? ''])
      const id = await child.next<string>()
      if (plane.databaseUrl !== null) {
        // It is alive: opening beside it takes nothing away.
        const beside = await plane.open('acme')
        expect(await beside.runs.last('sync', 'c')).toMatchObject({ id, state: 'running' })
        await expect(beside.runs.start('sync', 'c')).rejects.toMatchObject({ kind: 'limit' })
        await child.kill()
        // The server hears of the end of a connection at once, but not in the same instant.
        let next = await beside.runs.start('sync', 'c').catch(() => null)
        for (let attempt = 0; next === null && attempt < 50; attempt++) {
          await sleep(100)
          next = await beside.runs.start('sync', 'c').catch(() => null)
        }
        expect(next).not.toBeNull()
        await beside.runs.finish(next!.id, {})
        expect((await beside.runs.list(9)).map((run) => run.state)).toEqual(['done', 'failed'])
        return
      }
      await child.kill()
      const control = await plane.open('acme')
      expect(await control.runs.last('sync', 'c')).toMatchObject({
        id,
        state: 'failed',
        detail: { why: expect.stringMatching(/ended/) as string },
      })
    } finally {
      await plane.remove()
    }
  })

  test('opening the control plane ends what nobody runs any more', async () => {
    const plane = await make()
    try {
      const child = startChild('./run-starter.ts', [plane.home, plane.databaseUrl ?? ''])
      await child.next<string>()
      await child.kill()
      await sleep(500)
      const control = await plane.open('acme')
      expect((await control.runs.last('sync', 'c'))?.state).toBe('failed')
    } finally {
      await plane.remove()
    }
  })
})

describe.each(ENGINES.filter((engine) => engine.name !== 'embedded PostgreSQL'))('a right that is lost, $name', ({ make }) => {
  test('stops whoever had it', async () => {
    const plane = await make()
    try {
      const control = await plane.open('acme')
      const run = await control.runs.start('sync', 'c')
      const gone = new Promise<unknown>((resolve) => run.lost.addEventListener('abort', () => resolve(run.lost.reason)))
      await control.database.query(
        `select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and granted and database = (select oid from pg_database where datname = current_database())`,
      )
      expect(await gone).toMatchObject({ kind: 'offline' })
      await control.runs.fail(run.id, 'lost')
    } finally {
      await plane.remove()
    }
  })
})
