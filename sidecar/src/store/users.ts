import { instant } from './instant.ts'
import type { Store } from './store.ts'

/** The people of a CRM as known on that day (epoch ms), by id. */
export const usersOf = async (
  store: Store,
  connection: string,
  asOf: number,
): Promise<readonly { readonly id: string; readonly name: string | null; readonly isActive: boolean }[]> => {
  const rows = await store.driver.rows<{ id: string; name: string | null; is_active: number | boolean | null }>(
    'SELECT id, name, is_active FROM user_as_of(connection = {connection:String}, as_of = {as_of:DateTime64(3)}) ORDER BY id',
    { connection, as_of: instant(asOf) },
  )
  // A CRM that does not say whether somebody is active has not said that they left.
  return rows.map(({ id, name, is_active: active }) => ({ id, name, isActive: active === null || Boolean(active) }))
}
