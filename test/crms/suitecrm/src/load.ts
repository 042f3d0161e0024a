import type { World } from '@assay/worlds'
import { USER_IDS, USERS } from './people.ts'
import type { Store } from './store.ts'
import { currencyRows, rowMaker, type Placed } from './to-suite.ts'
import type { Field } from './modules.ts'

/** What kind of field a company made for these values. */
const typeOf = (value: string): Pick<Field, 'type' | 'len'> => {
  if (value === 'true' || value === 'false') return { type: 'bool' }
  return value !== '' && Number.isFinite(Number(value)) ? { type: 'float' } : { type: 'varchar', len: 255 }
}

const place = (store: Store, { module, row }: Placed): void => {
  for (const [name, value] of Object.entries(row))
    if (value !== null && name.endsWith('_c') && !store.fields(module).has(name))
      store.addField(module, { name, ...typeOf(value), source: 'custom_fields' })
  const { id, ...values } = row
  store.write(module, String(id), values)
  // What a row says of itself is kept as it is, empty or not.
  store.put(module, { ...store.row(module, String(id)), deleted: row['deleted'] ?? '0' })
}

/** The users that every SuiteCRM has. */
export const placeUsers = (store: Store): void => {
  for (const name of USERS)
    store.write('Users', USER_IDS[name], {
      user_name: name,
      last_name: name === 'admin' ? 'Administrator' : 'Integration',
      status: 'Active',
      is_admin: name === 'admin' ? '1' : '0',
      date_entered: '2020-01-01 00:00:00',
      date_modified: '2020-01-01 00:00:00',
    })
}

/** Puts a whole company into the store. */
export const placeWorld = (store: Store, world: World): void => {
  const rows = rowMaker(world)
  for (const each of currencyRows(world)) place(store, each)
  for (const user of world.users) place(store, rows.user(user))
  for (let index = 0; index < world.size; index += 1) for (const each of rows.bundle(world.bundle(index))) place(store, each)
}
