import { accountOf } from './accounts.ts'
import { deletionsOf } from './accidents.ts'
import { activitiesOf } from './activities.ts'
import { casesOf } from './cases.ts'
import { productRecords } from './catalogue.ts'
import { contactsOf } from './contacts.ts'
import { dealsOf } from './deals.ts'
import { bundleOf } from './ids.ts'
import { lifeOf } from './life.ts'
import { natureOf } from './nature.ts'
import { observe } from './observer.ts'
import { silenceOf } from './oracle.ts'
import { type Settings, settingsOf, type WorldOptions } from './settings.ts'
import { subscriptionsOf } from './subscriptions.ts'
import { userRecords } from './users.ts'
import type { Bundle, Truth, World } from './world.ts'

/**
 * A believable maker of measuring instruments and its customers. Conventions beyond the contract:
 * `locate` names the bundle whose range of ids holds the id: whether that record exists, the bundle tells. Instants in
 * `dealHistory.value` are ISO 8601 text. What is older than the introduction of the CRM (the first weeks) carries the import day as
 * `createdAt`; closed deals among it are known from their closing. Accounts carry the attributes `region` (stable), `lead_source`,
 * `sites`, and `cancellation_reason` (filled in only after a customer had left).
 */
export function b2bWorld(options: WorldOptions = {}): World {
  const settings = settingsOf(options)
  return {
    name: settings.plain ? 'b2b-plain' : 'b2b',
    seed: settings.seed,
    size: settings.size,
    startsAt: settings.startsAt,
    today: settings.today,
    currency: settings.home,
    rates: { [settings.home]: 1, [settings.foreign]: settings.rate },
    users: userRecords(settings.seed, settings.startsAt),
    products: productRecords(settings.catalogue, settings.startsAt, settings.home),
    bundle: (index) => makeBundle(settings, inside(settings, index)),
    locate: (kind, id) => bundleOf(kind, id, settings.size),
    truth: (index) => makeTruth(settings, inside(settings, index)),
    observe: (bundle, question) => observe(settings, bundle, question),
  }
}

function inside(settings: Settings, index: number): number {
  if (!Number.isInteger(index) || index < 0 || index >= settings.size)
    throw new RangeError(`bundle ${index} of a world of ${settings.size}`)
  return index
}

function makeBundle(settings: Settings, index: number): Bundle {
  const nature = natureOf(settings, index)
  const life = lifeOf(settings, nature, index)
  const account = accountOf(settings, nature, life, index)
  const contacts = contactsOf(settings, account, index)
  const { deals, history, lines } = dealsOf(settings, nature, life, account, contacts, index)
  const activities = activitiesOf(settings, nature, life, account, contacts, deals, index)
  return {
    account: account.record,
    contacts,
    deals,
    dealHistory: history,
    lineItems: lines,
    activities,
    cases: casesOf(settings, nature, life, account, contacts, index),
    subscriptions: subscriptionsOf(settings, nature, life, account, contacts, index),
    merged: account.merged,
    deleted: deletionsOf(settings, account.record.body.createdAt!, { deal: deals, contact: contacts, activity: activities }, index),
  }
}

function makeTruth(settings: Settings, index: number): Truth {
  const nature = natureOf(settings, index)
  const life = lifeOf(settings, nature, index)
  return {
    leftAt: life.leftAt !== null && life.leftAt <= settings.today ? Math.floor(life.leftAt) : null,
    segment: nature.segment.name,
    likes: nature.likes.map((position) => settings.catalogue.products[position]!.id),
    silence: (at, horizonDays) => silenceOf(settings, nature, life, index, at, horizonDays),
  }
}
