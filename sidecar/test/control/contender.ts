// A process of its own for lock.test.ts: does what it is told on stdin, one word a line, and answers one line each.
import { open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { isOwnership, takeOwnership } from '../../src/control/lock.ts'
import type { Ownership } from '../../src/control/lock.ts'

const home = process.argv[2]!
const say = (what: object) => process.stdout.write(`${JSON.stringify(what)}\n`)
// In an object: what `take` puts there later is not seen by the type checker in a plain variable.
const held: { mine: Ownership | null } = { mine: null }

async function take(): Promise<object> {
  const answer = await takeOwnership(home)
  if (!isOwnership(answer)) return { owner: false, heldBy: answer.heldBy.pid }
  held.mine = answer
  return { owner: true, pid: process.pid }
}

/** Takes and releases as fast as it can. Two owners at once would meet at the marker, which only one can make. */
async function fight(rounds: number): Promise<object> {
  let won = 0
  let met = 0
  for (let round = 0; round < rounds; round += 1) {
    const answer = await takeOwnership(home)
    if (!isOwnership(answer)) continue
    won += 1
    const marker = join(home, 'inside')
    try {
      await (await open(marker, 'wx')).close()
      await rm(marker)
    } catch {
      met += 1
    }
    await answer.release()
  }
  return { won, met }
}

for await (const word of createInterface({ input: process.stdin })) {
  if (word === 'take') say(await take())
  else if (word === 'release') {
    await held.mine?.release()
    held.mine = null
    say({ released: true })
  } else if (word === 'fight') say(await fight(60))
}
