import { PackageError, type Loader } from './packages.ts'
import type { Reply } from './reply.ts'
import type { Sessions } from './sessions.ts'

/** The pages that an admin goes through to install a package: sign-in, time zone, Module Loader, prepare, commit, delete. */

export interface WebRequest {
  readonly query: URLSearchParams
  /** Fields of the form that was sent; files as bytes. */
  readonly form: ReadonlyMap<string, string | Uint8Array>
  readonly cookie: string
}

/** Every page has the form of the search in it, above what it is about. */
const SEARCH =
  '<form name="UnifiedSearch" action="index.php"><input type="hidden" name="action" value="UnifiedSearch"/><input type="hidden" name="module" value="Home"/><input type="hidden" name="search_form" value="false"/><input type="text" name="query_string"/></form>'
const page = (body: string): Reply => ({ status: 200, page: `<html><body>${SEARCH}${body}</body></html>` })
const to = (location: string): Reply => ({ status: 302, page: '', headers: { Location: location } })
const toLogin = (): Reply => to('index.php?action=Login&module=Users')
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
  // What a form says counts more than the address that it is sent to.
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
  if (text('module') === 'Users' && text('action') === 'SaveTimezone' && text('timezone') !== '') {
    sessions.setTimeZone(user)
    return to('index.php?action=index&module=Home')
  }
  // Who has never used the browser is asked, wherever they want to go.
  if (!sessions.hasTimeZone(user)) return to('index.php?module=Users&action=SetTimezone')
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
          `<form action="index.php?module=Administration&view=module&action=UpgradeWizard_commit" name="files" method="post">${hidden(values)}</form>`,
        )
      }
      case 'UpgradeWizard_commit':
        if (text('unzip_dir') === '' || text('copy_count') === '') return page('No temp directory specified.')
        if (text('mode') === 'Uninstall') loader.uninstall(text('install_file'))
        else loader.install(text('install_file'))
        return page('successfully')
      case 'HandleAjaxCall':
        if (text('method') !== 'remove') return page('')
        loader.discard(text('file'))
        return { status: 200, page: "result = {'result':'true'}" }
      default:
        return page('Administration')
    }
  } catch (error) {
    if (error instanceof PackageError) return page(`<h2>${error.message}</h2>`)
    throw error
  }
}
