import { setTimeout } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { openMeter } from '../src/scale/meter.ts'

it('sees work, memory and a stopped event loop, each in its own lap', async () => {
  const meter = openMeter()
  await setTimeout(50)
  meter.lap()
  const held = Buffer.alloc(150e6, 1)
  const until = performance.now() + 200
  while (performance.now() < until);
  await setTimeout(50)
  const busy = meter.lap()
  expect(held.length).toBe(150e6)
  expect(busy.wallSeconds).toBeGreaterThan(0.2)
  expect(busy.peakBytes).toBeGreaterThan(150e6)
  expect(busy.stallMs).toBeGreaterThan(100)
  expect(busy.busyMs).toBeGreaterThan(20)
  meter.stop()
})
