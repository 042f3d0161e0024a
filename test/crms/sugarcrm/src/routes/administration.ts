import type { Exchange } from '../exchange.ts'
import type { Instance } from '../instance.ts'
import { USER_IDS } from '../people.ts'
import type { Installed, Loader, Staged } from '../packages/loader.ts'
import { PackageError } from '../packages/package.ts'
import { missing, noMethod, notAuthorized, ok, refuse, type Reply } from '../reply.ts'

/** `/Administration/packages`: upload, install, list, uninstall, discard. Admins only; some of it by GET, as in Sugar. */
export function administrationRoute(instance: Instance, loader: Loader): (exchange: Exchange) => Reply {
  return (exchange) => {
    if (exchange.userId !== USER_IDS.admin) throw notAuthorized('You are not authorized to do this. Only an administrator is.')
    if (!instance.quirks.packages) throw notAuthorized('Uploading packages is not part of this edition.')
    const { method, rest } = exchange
    const [, area, first, verb] = rest
    if (area !== 'packages') throw noMethod()
    try {
      if (method === 'POST' && first === undefined) {
        const zip = partNamed(exchange, 'upgrade_zip')
        if (zip === null) throw missing('Missing parameter: upgrade_zip')
        return ok(shown(loader.stage(zip)))
      }
      if (method === 'GET' && first === undefined) return ok({ packages: [...loader.staged(), ...loader.installed()].map(shown) })
      if (method === 'GET' && first === 'staged') return ok({ packages: loader.staged().map(shown) })
      if (method === 'GET' && first === 'installed') return ok({ packages: loader.installed().map(shown) })
      if (method === 'GET' && verb === 'install') return ok(shown(loader.install(first ?? '')))
      if (method === 'GET' && verb === 'uninstall') {
        loader.uninstall(first ?? '')
        return ok({ id: first, status: 'uninstalled' })
      }
      if (method === 'DELETE' && first !== undefined) {
        if (!loader.discard(first)) throw refuse(404, 'not_found', `Could not find package: ${first}`)
        return ok({ unFile: first })
      }
    } catch (error) {
      if (error instanceof PackageError) throw refuse(422, 'invalid_parameter', error.message)
      throw error
    }
    throw noMethod()
  }
}

const shown = (each: Staged | Installed): object => ({
  ...('id' in each ? { id: each.id } : {}),
  name: each.package.name,
  id_name: each.package.id,
  version: each.package.version,
  type: 'module',
  file_install: each.file,
  unFile: each.file,
  uninstallable: each.package.uninstallable,
})

/** The bytes of one part of a form; null where there is none. */
function partNamed({ headers, bytes }: Exchange, name: string): Uint8Array | null {
  const boundary = /^multipart\/form-data;.*boundary="?([^";]+)"?/i.exec(headers['content-type'] ?? '')?.[1]
  if (boundary === undefined) return null
  const fence = Buffer.from(`--${boundary}`)
  for (let at = bytes.indexOf(fence); at >= 0;) {
    const start = at + fence.length + 2
    const next = bytes.indexOf(fence, start)
    if (next < 0) return null
    const part = bytes.subarray(start, next - 2)
    const head = part.indexOf('\r\n\r\n')
    if (part.subarray(0, head).toString().includes(`name="${name}"`)) return part.subarray(head + 4)
    at = next
  }
  return null
}
