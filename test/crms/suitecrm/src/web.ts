import { PackageError, type Loader } from './packages.ts'
import type { Reply } from './reply.ts'
import type { Sessions } from './sessions.ts'

/** The pages that an admin goes through to install a package: sign-in, Module Loader, prepare, commit. */

export interface WebRequest {
  readonly query: URLSearchParams
  /** Fields of the form that was sent; files as bytes. */
  readonly form: ReadonlyMap<string, string | Uint8Array>
  readonly cookie: string
}

const page = (body: string): Reply => ({ status: 200, page: `<html><body>${body}</body></html>` })
const toLogin = (): Reply => ({ status: 302, page: '', headers: { Location: 'index.php?action=Login&module=Users' } })
const hidden = (values: Readonly<Record<string, string>>): string =>
  Object.entries(values)
    .map(([name, value]) => `<input type=hidden name="${name}" value="${value}"/>`)
    .join('')

/** The tables of both grids, as the page's script carries them. */
const grids = (loader: Loader): string => {
  const row = (each: ReturnType<Loader['staged']>[number], enabled: string): string =>
    `['${each.package.name}', '${each.hash}', '${each.hash}', '${enabled}Module', '${each.package.version}', '2026-11-22', 'Yes', '']`
  const staged = loader.staged().map((each) => row(each, ''))
  const installed = loader.installed().map((each) => row(each, `ENABLED_${each.hash}', '`))
  return `<script>var mti_data = [${staged.join(',')}]\n;var mti_installed_data = [${installed.join(',')}]\n;</script>`
}

export function web(sessions: Sessions, loader: Loader, { query, form, cookie }: WebRequest): Reply {
  const text = (name: string): string => {
    const value = form.get(name) ?? query.get(name)
    return typeof value === 'string' ? value : ''
  }
  if (text('module') === 'Users' && text('action') === 'Authenticate') {
    const id = sessions.webLogin(text('user_name'), text('username_password'))
    if (id === null) return toLogin()
    return {
      status: 302,
      page: '',
      headers: { Location: 'index.php?module=Home&action=index', 'Set-Cookie': `PHPSESSID=${id}; path=/` },
    }
  }
  const user = sessions.sessionUser(/PHPSESSID=([^;]+)/.exec(cookie)?.[1] ?? '')
  if (user === null) return toLogin()
  if (text('module') !== 'Administration') return page('Home')
  if (user !== 'admin') return page('Unauthorized access to administration.')
  try {
    switch (text('action')) {
      case 'UpgradeWizard': {
        const file = form.get('upgrade_zip')
        if (text('run') === 'upload' && file instanceof Uint8Array) loader.upload(file)
        return page(grids(loader))
      }
      case 'UpgradeWizard_prepare': {
        const values = {
          mode: text('mode'),
          install_file: text('install_file'),
          unzip_dir: 'cache/upgrades/temp/x',
          copy_count: '0',
          version: '1.0.0',
        }
        return page(
          `<form action="index.php?module=Administration&view=module&action=UpgradeWizard_commit" method="post">${hidden(values)}</form>`,
        )
      }
      case 'UpgradeWizard_commit':
        if (text('unzip_dir') === '' || text('copy_count') === '') return page('No temp directory specified.')
        if (text('mode') === 'Uninstall') loader.uninstall(text('install_file'))
        else loader.install(text('install_file'))
        return page('successfully')
      default:
        return page('Administration')
    }
  } catch (error) {
    if (error instanceof PackageError) return page(`<h2>${error.message}</h2>`)
    throw error
  }
}
