import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { packageFile } from '../../../sidecar/src/cli/package-file.ts'
import { connectorOf } from '../../../sidecar/src/registry.ts'
import { openModuleLoader } from './suitecrm/module-loader.ts'
import { openStandIn } from './suitecrm/server.ts'

/** Module Loader on the stand-in, whose pages have what is in the way on real ones: the form of the search, the question for a time zone. */
const started = async () => {
  const server = await openStandIn('EUR', Date.UTC(2026, 10, 2))
  const folder = await mkdtemp(join(tmpdir(), 'assay-loader-'))
  onTestFinished(async () => {
    await server.close()
    await rm(folder, { recursive: true, force: true })
  })
  const { file } = await packageFile(connectorOf('suitecrm'), {}, folder)
  return { server, zip: await readFile(file), name: file.split('/').at(-1)! }
}

test('installs the package and leaves nothing behind, neither it nor what was uploaded', async () => {
  const { server, zip, name } = await started()
  const loader = await openModuleLoader(server)
  await loader.install(zip, name)
  await loader.uninstall('Assay')
  await loader.install(zip, name)
  await loader.uninstall('Assay')
  await expect(loader.uninstall('Assay')).rejects.toThrow(/does not list the installed package/)
})

test('says what SuiteCRM says where it does not take the package', async () => {
  const { server } = await started()
  const loader = await openModuleLoader(server)
  await expect(loader.install(new TextEncoder().encode('not a zip'), 'assay.zip')).rejects.toThrow(/does not list it\. It says: .+/)
  await expect(openModuleLoader({ ...server, settings: { ...server.settings, username: 'integration' } })).rejects.toThrow(
    /must be an admin/,
  )
})
