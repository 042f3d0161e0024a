import type { Server } from './server.ts'

/** Admin > Module Loader in a browser's words: no API installs a package. */
export interface ModuleLoader {
  /** Uploads and installs it. Rejects with what SuiteCRM's page says where it is not in afterwards. */
  install(zip: Uint8Array, file: string): Promise<void>
  /** Uninstalls it and deletes what was uploaded. Rejects where either is still there afterwards. */
  uninstall(name: string): Promise<void>
}

const PAGE = 'index.php?module=Administration&view=module&action=UpgradeWizard'
/** Installing rebuilds everything: ten seconds on a quick machine. */
const TIMEOUT = 300_000

/** By name and hash, out of the tables that the page's script carries. */
const gridOf = (page: string, variable: string): Map<string, string> => {
  const [, table = ''] = new RegExp(`var ${variable} = (\\[[\\s\\S]*?\\])\\s*;`).exec(page) ?? []
  const rows = table.matchAll(/\[\s*(?:'([^']*)'|"([^"]*)")\s*,\s*(?:'([^']*)'|"([^"]*)")/g)
  return new Map([...rows].map(([, name, other = '', hash, quoted = '']) => [name ?? other, hash ?? quoted]))
}

/** The form that commits: the page around it has others, and their `module` and `action` would lead elsewhere. */
const commitFormOf = (page: string): string =>
  [...page.matchAll(/<form\b[^>]*>[\s\S]*?<\/form>/gi)]
    .map(([form]) => form)
    .find((form) => /^<form\b[^>]*\bname\s*=\s*["']?files\b/i.test(form)) ?? ''

/** Every hidden field of a form. */
const hiddenOf = (form: string): [string, string][] =>
  [...form.matchAll(/<input\b[^>]*>/gi)].flatMap(([tag]) => {
    const [, name] = /\bname\s*=\s*["']?([^"'\s>]+)/i.exec(tag) ?? []
    const value = /\bvalue\s*=\s*"([^"]*)"/i.exec(tag)?.[1] ?? /\bvalue\s*=\s*'([^']*)'/i.exec(tag)?.[1] ?? ''
    return name !== undefined && /\btype\s*=\s*["']?hidden/i.test(tag) ? [[name, value] as [string, string]] : []
  })

/** What a page says, for the one who looks for what went wrong. */
const textOf = (page: string): string => {
  const text = page
    .replaceAll(/<(script|style)\b[\s\S]*?<\/\1>/gi, ' ')
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()
  return text.length > 600 ? `…${text.slice(-600)}` : text
}

/** How often a package of that name is deleted before it is called undeletable: runs that were broken off may have left others. */
const DELETIONS = 5

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
    let page = await visit(PAGE)
    if (!page.includes('mti_data')) {
      // Who has never used the browser is asked for a time zone first, wherever they want to go.
      await visit('index.php?module=Users&action=SaveTimezone', new URLSearchParams({ timezone: 'UTC' }))
      page = await visit(PAGE)
    }
    if (!page.includes('mti_data'))
      throw new Error(
        `${title} does not show Module Loader to "${username}", who must be an admin for this, and must have been through what a first sign-in in a browser asks. It says: ${textOf(page)} ${BY_HAND}`,
      )
    return page
  }
  /** Prepare shows a form, commit takes it. Gives the page that commit answers with. */
  const through = async (mode: 'Install' | 'Uninstall', hash: string): Promise<string> => {
    const prepared = await visit(`${PAGE}_prepare`, new URLSearchParams({ mode, install_file: hash }))
    const form = new URLSearchParams(hiddenOf(commitFormOf(prepared)))
    if (!form.has('unzip_dir'))
      throw new Error(`${title} did not prepare to ${mode.toLowerCase()} the package: no form. It says: ${textOf(prepared)} ${BY_HAND}`)
    // What a form says counts more than the address that it is sent to.
    form.delete('module')
    form.delete('action')
    form.set('mode', mode)
    form.set('install_file', form.get('install_file') ?? hash)
    form.set('remove_tables', 'true')
    return visit(`${PAGE}_commit`, form)
  }
  /** Uninstalling leaves what was uploaded. */
  const deleteUploaded = async (name: string): Promise<void> => {
    let said = ''
    for (let tries = 0; tries <= DELETIONS; tries += 1) {
      const hash = gridOf(await wizard(), 'mti_data').get(name)
      if (hash === undefined) return
      const form = new URLSearchParams({ module: 'Administration', action: 'HandleAjaxCall', method: 'remove', to_pdf: '1', file: hash })
      said = await visit('index.php', form)
    }
    throw new Error(
      `${title} uninstalled the package "${name}", but what was uploaded is still there after Delete Package: ${textOf(said)}`,
    )
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
      if (hash === undefined)
        throw new Error(`${title} took ${file}, but Module Loader does not list it. It says: ${textOf(uploaded)} ${BY_HAND}`)
      const said = await through('Install', hash)
      if (!gridOf(await wizard(), 'mti_installed_data').has('Assay'))
        throw new Error(`${title} did not install the package. It says: ${textOf(said)} ${BY_HAND}`)
    },
    async uninstall(name) {
      const hash = gridOf(await wizard(), 'mti_installed_data').get(name)
      if (hash === undefined) throw new Error(`Module Loader of ${title} does not list the installed package "${name}".`)
      const said = await through('Uninstall', hash)
      if (gridOf(await wizard(), 'mti_installed_data').has(name))
        throw new Error(`${title} did not uninstall the package "${name}". It says: ${textOf(said)}`)
      await deleteUploaded(name)
    },
  }
}
