import { readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openControl } from '../../src/control/index.ts'
import { isOwnership, takeOwnership } from '../../src/control/lock.ts'
import type { Ownership } from '../../src/control/lock.ts'
import { startChild } from './children.ts'
import type { Child } from './children.ts'
import { makeHome } from './planes.ts'

let home: string
let children: Child[]
beforeEach(async () => {
  home = await makeHome()
  children = []
})
afterEach(async () => {
  for (const child of children) await child.kill()
  await rm(home, { recursive: true, force: true })
})
const contender = (): Child => {
  const child = startChild('./contender.ts', [home])
  children.push(child)
  return child
}
const own = async (): Promise<Ownership> => {
  const answer = await takeOwnership(home)
  if (!isOwnership(answer)) throw new Error(`held by ${answer.heldBy.pid}`)
  return answer
}
type Taken = { owner: boolean; pid?: number; heldBy?: number | null }

describe("the owner's lock", () => {
  test('of two processes that start at once exactly one wins, twenty times, and the other can name it', async () => {
    const pair = [contender(), contender()] as const
    for (let round = 0; round < 20; round += 1) {
      const [one, other] = await Promise.all([pair[0].ask<Taken>('take'), pair[1].ask<Taken>('take')])
      expect([one.owner, other.owner].filter(Boolean)).toHaveLength(1)
      const [winner, loser] = one.owner ? [one, other] : [other, one]
      expect(loser.heldBy).toBe(winner.pid)
      await (one.owner ? pair[0] : pair[1]).ask('release')
    }
  })

  test('three processes that take and release without pause are never inside together', async () => {
    const answers = await Promise.all([1, 2, 3].map(() => contender().ask<{ won: number; met: number }>('fight')))
    expect(answers.map((answer) => answer.met)).toEqual([0, 0, 0])
    expect(answers.reduce((sum, answer) => sum + answer.won, 0)).toBeGreaterThan(0)
  })

  test('is free as soon as its owner was killed, whatever it left behind', async () => {
    for (let round = 0; round < 3; round += 1) {
      const owner = contender()
      expect(await owner.ask<Taken>('take')).toMatchObject({ owner: true })
      expect(await takeOwnership(home)).toMatchObject({ heldBy: { pid: owner.pid, endpoint: null } })
      await owner.kill()
      expect(JSON.parse(await readFile(join(home, 'owner.json'), 'utf8'))).toMatchObject({ pid: owner.pid })
      const mine = await own()
      expect(mine.held).toBe(true)
      await mine.release()
    }
  })

  test('a card with a living process id of somebody else stops nobody', async () => {
    const stranger = contender()
    const first = contender()
    await first.ask('take')
    await first.kill()
    const card = JSON.stringify({ pid: stranger.pid, endpoint: null })
    await writeFile(join(home, 'owner.json'), card)
    const mine = await own()
    await mine.release()
  })

  test('says where the owner answers, in a file for its user alone, until it is released', async () => {
    const mine = await own()
    await mine.announce({ url: 'http://127.0.0.1:4870', token: 'door-token' })
    expect(await takeOwnership(home)).toEqual({
      heldBy: { pid: process.pid, endpoint: { url: 'http://127.0.0.1:4870', token: 'door-token' } },
    })
    expect((await stat(join(home, 'owner.json'))).mode & 0o777).toBe(0o600)
    await mine.release()
    await mine.release()
    await expect(stat(join(home, 'owner.json'))).rejects.toThrow('ENOENT')
    await (await own()).release()
  })

  test('guards the embedded database: nobody opens it beside its owner', async () => {
    const control = await openControl({ home, organisation: 'acme' })
    await control.migrate()
    const hint = { kind: 'config', message: expect.stringContaining(String(process.pid)) as string }
    await expect(openControl({ home, organisation: 'acme' })).rejects.toMatchObject(hint)
    expect(await contender().ask<Taken>('take')).toEqual({ owner: false, heldBy: process.pid })
    await control.close()
    expect(await contender().ask<Taken>('take')).toMatchObject({ owner: true })
  })
})
