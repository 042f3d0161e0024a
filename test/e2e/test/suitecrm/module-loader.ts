import type { Server } from './server.ts'

/** Admin > Module Loader in a browser's words: no API installs a package. */
export interface ModuleLoader {
  install(zip: Uint8Array, file: string): Promise<void>
  uninstall(name: string): Promise<void>
}

const PAGE = 'index.php?module=Administration&view=module&action=UpgradeWizard'
/** Installing rebuilds everything: ten seconds on a quick machine. */
const TIMEOUT = 300_000

/** By name and hash, out of the tables that the page's script carries. */
const gridOf = (page: string, variable: string): Map<string, string> => {
  const [, table = ''] = new RegExp(`var ${variable} = (\\[[\\s\\S]*?\\])\\s*;`).exec(page) ?? []
  return new Map([...table.matchAll(/\[\s*'([^']*)'\s*,\s*'([^']*)'/g)].map(([, name = '', hash = '']) => [name, hash]))
}

/** Every hidden field of a page's form. */
const hiddenOf = (page: string): [string, string][] =>
  [...page.matchAll(/<input\b[^>]*>/gi)].flatMap(([tag]) => {
    const [, name] = /\bname\s*=\s*["']?([^"'\s>]+)/i.exec(tag) ?? []
    const value = /\bvalue\s*=\s*"([^"]*)"/i.exec(tag)?.[1] ?? /\bvalue\s*=\s*'([^']*)'/i.exec(tag)?.[1] ?? ''
    return name !== undefined && /\btype\s*=\s*["']?hidden/i.test(tag) ? [[name, value] as [string, string]] : []
  })

const BY_HAND =
  'Install it by hand, then run again: npx assay fields build suitecrm writes it; Admin > Module Loader takes it (or PackageManager::performInstall on the server).'

export async function openModuleLoader({ settings, title }: Server): Promise<ModuleLoader> {
  const { url, username, password } = settings
  const cookies = new Map<string, string>()

  const visit = async (path: string, body?: URLSearchParams | FormData): Promise<string> => {
    const answer = await fetch(`${url}/${path}`, {
      ...(body === undefined ? {} : { method: 'POST', body }),
      headers: {
        cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
        // Whatever changes something must come from a page of its own.
        referer: `${url}/${PAGE}`,
      },
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT),
    })
    for (const set of answer.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(set) ?? []
      if (name !== undefined && value !== undefined) cookies.set(name, value)
    }
    return answer.text()
  }
  const wizard = async (): Promise<string> => {
    const page = await visit(PAGE)
    if (!page.includes('mti_data'))
      throw new Error(`${title} does not show Module Loader to "${username}", who must be an admin for this. ${BY_HAND}`)
    return page
  }
  /** Prepare shows a form, commit takes it. */
  const through = async (mode: 'Install' | 'Uninstall', hash: string): Promise<void> => {
    const prepared = await visit(`${PAGE}_prepare`, new URLSearchParams({ mode, install_file: hash }))
    const form = new URLSearchParams(hiddenOf(prepared))
    if (!form.has('unzip_dir')) throw new Error(`${title} did not prepare to ${mode.toLowerCase()} the package: no form. ${BY_HAND}`)
    form.set('mode', mode)
    form.set('install_file', form.get('install_file') ?? hash)
    form.set('remove_tables', 'true')
    await visit(`${PAGE}_commit`, form)
  }

  await visit('index.php?module=Users&action=Login')
  await visit(
    'index.php?module=Users&action=Authenticate',
    new URLSearchParams({
      module: 'Users',
      action: 'Authenticate',
      return_module: 'Users',
      return_action: 'Login',
      user_name: username,
      username_password: password,
      user_password: password,
    }),
  )
  await wizard()
  return {
    async install(zip, file) {
      const form = new FormData()
      form.set('run', 'upload')
      form.set('upgrade_zip_escaped', file)
      form.set('upgrade_zip', new Blob([new Uint8Array(zip)], { type: 'application/zip' }), file)
      const uploaded = await visit(PAGE, form)
      const hash = gridOf(uploaded, 'mti_data').get('Assay') ?? gridOf(await wizard(), 'mti_data').get('Assay')
      if (hash === undefined) throw new Error(`${title} took ${file}, but Module Loader does not list it. ${BY_HAND}`)
      await through('Install', hash)
    },
    async uninstall(name) {
      const hash = gridOf(await wizard(), 'mti_installed_data').get(name)
      if (hash === undefined) throw new Error(`Module Loader of ${title} does not list the installed package "${name}".`)
      await through('Uninstall', hash)
    },
  }
}
