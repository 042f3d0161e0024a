import type { LiveRecord } from '@assay/shared'
import { type AccountPart, ownerAt } from './accounts.ts'
import { type Basket, fillBasket, lineRecords } from './baskets.ts'
import { DAY, HOUR, WEEK } from './calendar.ts'
import { sizeFactor } from './health.ts'
import { type Change, historyRecords } from './history.ts'
import { recordId } from './ids.ts'
import type { Life } from './life.ts'
import type { Nature } from './nature.ts'
import { planDeals, type Plan } from './pipeline.ts'
import { CONCERN, type Random, stream } from './random.ts'
import type { Settings } from './settings.ts'

export const OPEN_STAGES = [
  'appointmentscheduled',
  'qualifiedtobuy',
  'presentationscheduled',
  'decisionmakerboughtin',
  'contractsent',
] as const

export interface DealPart {
  readonly deals: LiveRecord<'deal'>[]
  readonly history: LiveRecord<'dealHistory'>[]
  readonly lines: LiveRecord<'lineItem'>[]
}

const iso = (instant: number): string => new Date(instant).toISOString()

export function dealsOf(
  settings: Settings,
  nature: Nature,
  life: Life,
  account: AccountPart,
  contacts: readonly LiveRecord<'contact'>[],
  index: number,
): DealPart {
  const random = stream(settings.seed, index, CONCERN.deals)
  const filling = stream(settings.seed, index, CONCERN.baskets)
  const bought = new Set<number>()
  const currency = nature.foreign ? settings.foreign : settings.home
  const part: DealPart = { deals: [], history: [], lines: [] }
  let won = 0
  for (const [slot, plan] of planDeals(settings, nature, life, account, random).entries()) {
    const id = recordId('deal', index, slot)
    const week = Math.max(0, Math.min(settings.weeks - 1, Math.floor((plan.createdAt - settings.startsAt) / WEEK)))
    const health = life.health[week]!
    const size = nature.size * sizeFactor(Number.isNaN(health) ? 0 : health)
    const basket = fillBasket(settings, nature, bought, size, currency, filling)
    // Reps type the lines in for orders, seldom for what never came about.
    const detailed = plan.outcome === 'won' || filling.chance(0.4)
    const amount = plan.outcome === 'won' || detailed || !filling.chance(0.08) ? basket.amount : null
    const changes = changesOf(settings, plan, amount, account, random)
    const history = historyRecords(id, changes)
    const last = history.at(-1)!.version
    const edited = plan.createdAt + random.exponential(30 * DAY)
    const inStage = history.findLast((one) => one.body.field === 'stage')!.body
    const owner = history.findLast((one) => one.body.field === 'ownerId')!.body.value
    const createdAt = plan.createdAt
    const contact = contacts.length > 0 && random.chance(0.8) ? contacts[random.below(contacts.length)]! : null
    part.deals.push({
      kind: 'deal',
      id,
      version: edited < settings.today ? Math.max(last, Math.floor(edited)) : last,
      knownAt: plan.closedAt === null ? createdAt : Math.min(createdAt, plan.closedAt),
      deleted: false,
      body: {
        name: `${account.record.body.name} ${settings.catalogue.products.find((one) => one.id === basket.lines[0]!.productId)!.name}`,
        accountId: account.record.id,
        contactId: contact !== null && contact.knownAt <= createdAt ? contact.id : null,
        ownerId: owner,
        pipeline: 'default',
        stage: inStage.value,
        isClosed: inStage.isClosed,
        isWon: inStage.isWon,
        amount,
        currency,
        homeAmount: amount === null ? null : currency === settings.home ? amount : amount * settings.rate,
        type: won === 0 ? 'newbusiness' : 'existingbusiness',
        createdAt,
        closedAt: plan.closedAt ?? plan.planned.at(-1)!.value,
      },
      attributes: {},
    })
    if (plan.outcome === 'won') won++
    part.history.push(...history)
    if (detailed) part.lines.push(...lineRecords(basket, index, part.lines.length, id, createdAt))
  }
  return part
}

function changesOf(settings: Settings, plan: Plan, amount: Basket['amount'] | null, account: AccountPart, random: Random): Change[] {
  const { createdAt } = plan
  // A deal that the import brought in closed: all it has is its end.
  const imported = plan.closedAt !== null && plan.closedAt <= createdAt
  const end = plan.closedAt ?? settings.today
  const changes: Change[] = []
  const owner = ownerAt(account.owners, createdAt)
  changes.push({ at: createdAt, field: 'ownerId', value: owner })
  for (const next of account.owners)
    if (next.from > createdAt && (plan.closedAt === null || next.from < plan.closedAt))
      changes.push({ at: next.from, field: 'ownerId', value: next.ownerId })

  if (!imported) {
    const passed = Math.min(plan.stages, OPEN_STAGES.length)
    for (let stage = 0; stage < passed; stage++) {
      const at = createdAt + ((end - createdAt) * stage) / (passed + 0.5)
      changes.push({ at, field: 'stage', value: OPEN_STAGES[stage]!, isClosed: false, isWon: false })
    }
  }
  if (plan.closedAt !== null) {
    const isWon = plan.outcome === 'won'
    changes.push({
      at: imported ? createdAt : plan.closedAt,
      field: 'stage',
      value: isWon ? 'closedwon' : 'closedlost',
      isClosed: true,
      isWon,
    })
  }

  if (amount !== null) {
    const long = end - createdAt > 5 * DAY
    if (!imported && long && random.chance(0.35)) {
      const first = Math.round(amount * random.between(0.6, 1.5) * 100) / 100
      changes.push({ at: createdAt, field: 'amount', value: String(first) })
      changes.push({ at: createdAt + (end - createdAt) * random.between(0.2, 0.95), field: 'amount', value: String(amount) })
    } else changes.push({ at: createdAt, field: 'amount', value: String(amount) })
  }

  if (imported) changes.push({ at: createdAt, field: 'closedAt', value: iso(plan.closedAt) })
  else {
    for (const planned of plan.planned) changes.push({ at: planned.at, field: 'closedAt', value: iso(planned.value) })
    if (plan.closedAt !== null && plan.planned.at(-1)!.value !== plan.closedAt)
      changes.push({ at: plan.closedAt, field: 'closedAt', value: iso(plan.closedAt) })
  }
  return changes.filter((change) => change.at <= settings.today - HOUR || change.at === createdAt || change.at === plan.closedAt)
}
