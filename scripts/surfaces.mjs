// Tests what lives inside the CRMs. Their tool chains are heavy and only they need them, so each is installed in its own
// folder when it is tested, and `npm ci`, `npm run demo` and `npm test` at the root never see it.
import { spawnSync } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const SURFACES = [
  { title: 'the panel on Salesforce record pages', folder: 'extension-ui/salesforce', needs: ['.'] },
  { title: 'the card on HubSpot records', folder: 'extension-ui/hubspot', needs: ['.'] },
  { title: 'the dashlet on SugarCRM records', folder: 'extension-ui/sugarcrm', needs: ['.'] },
  {
    title: 'the same words on every surface',
    folder: 'extension-ui/compare',
    needs: ['../salesforce', '../hubspot', '../sugarcrm'],
  },
  { title: 'the plugin of the sf command', folder: 'connectors/salesforce/sf-plugin', needs: ['.', 'test/cli'] },
]

const npm = (folder, ...words) =>
  spawnSync('npm', [...words, '--no-fund', '--no-audit', '--loglevel=error'], {
    cwd: folder,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  }).status === 0

function installed(folder) {
  const mark = join(folder, 'node_modules/.package-lock.json')
  const lock = join(folder, 'package-lock.json')
  return (existsSync(mark) && statSync(mark).mtimeMs >= statSync(lock).mtimeMs) || npm(folder, 'ci')
}

const failed = SURFACES.filter(({ title, folder, needs }) => {
  console.log(`\n${title} (${folder})`)
  return !(needs.every((each) => installed(join(root, folder, each))) && npm(join(root, folder), 'test'))
})
if (failed.length > 0) {
  console.error(`\nfailed: ${failed.map(({ title }) => title).join(', ')}`)
  process.exit(1)
}
