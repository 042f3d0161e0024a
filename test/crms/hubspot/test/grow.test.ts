import { b2bWorld, change } from '@assay/worlds'
import { expect, it } from 'vitest'
import { startHubSpot } from '../src/index.ts'

it('moves on in time and keeps what was written', async () => {
  const world = b2bWorld({ accounts: 40 })
  const later = change(world, { share: 0.5, at: world.today + 86_400_000, seed: 3 })
  const crm = await startHubSpot({ world, limits: 'off' })
  try {
    const id = world.bundle(0).account.id
    crm.update('companies', id, { assay_churn_risk: '37' })
    crm.grow(later)
    expect(crm.get('companies', id)?.properties['assay_churn_risk']).toBe('37')
    const fresh = Array.from({ length: later.size }, (_, i) => later.bundle(i).deals)
      .flat()
      .filter((deal) => deal.version > world.today)
    expect(fresh.length).toBeGreaterThan(0)
    for (const deal of fresh) expect(crm.get('deals', deal.id)?.updatedAt).toBe(deal.version)
  } finally {
    await crm.close()
  }
})
