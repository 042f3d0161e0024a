import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Command } from 'commander'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { failed, failureOf } from '../../src/cli/fail.ts'
import { connect } from '../../src/api/operations/index.ts'
import type { App } from '../../src/app.ts'
import { program } from '../../src/cli/program.ts'
import { openTerminal } from '../../src/cli/terminal.ts'
import { connectorOf } from '../../src/registry.ts'

const COMMAND = fileURLToPath(new URL('../../bin/assay.js', import.meta.url))
/** JSON, but neither settings nor a receipt. */
const SHAPELESS = fileURLToPath(new URL('../../package.json', import.meta.url))
let home: string

/** The real command in a process of its own, with nothing of this one's environment but the PATH. */
const assay = (
  words: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<{ code: number; stdout: string; stderr: string }> =>
  new Promise((resolve) => {
    const env = { PATH: process.env['PATH'] ?? '', ASSAY_HOME: home, ...environment }
    execFile(process.execPath, [COMMAND, ...words], { env }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
    )
  })

/** Every way to a command that does something: "sync", "fields plan", … */
const paths = (command: Command, before: readonly string[] = []): string[][] =>
  command.commands.length === 0 ? [[...before]] : command.commands.flatMap((one) => paths(one, [...before, one.name()]))
const ALL = paths(program())

/** The same in this process: what it says, and the exit code that main.ts would give. */
async function here(...words: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  let stdout = ''
  let stderr = ''
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => ((stdout += String(text)), true))
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => ((stderr += String(text)), true))
  let code = 0
  try {
    await program().parseAsync(['node', 'assay', ...words])
  } catch (error) {
    code = failed(error)
  }
  return { code, stdout, stderr }
}

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'assay-usage-'))
})
afterAll(() => rm(home, { recursive: true, force: true }))
afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllEnvs()
})

describe.runIf(process.platform === 'linux')('what the process starts with', { timeout: 60_000 }, () => {
  // Said when the command ends, by the process that ran it.
  const told = {
    NODE_OPTIONS: `--import "data:text/javascript,process.on('exit',()=>console.error('arenas',process.env.MALLOC_ARENA_MAX))"`,
  }
  test('is that freed memory goes back to the system, unless somebody said otherwise', async () => {
    expect(await assay(['--version'], told)).toMatchObject({ code: 0, stderr: 'arenas 2\n' })
    expect(await assay(['--version'], { ...told, MALLOC_ARENA_MAX: '7' })).toMatchObject({ code: 0, stderr: 'arenas 7\n' })
  })
})

describe('help', () => {
  test('knows the commands of the design', () => {
    const names = ALL.map((path) => path.join(' '))
    for (const name of [
      'demo',
      'try',
      'connect',
      'check',
      'define churn',
      'fields plan',
      'fields install',
      'fields remove',
      'sync',
      'mine',
      'report',
      'publish',
      'alerts',
      'run',
      'serve',
      'erase',
      'status',
    ]) {
      expect(names).toContain(name)
    }
  })

  test.each(ALL.map((path) => [path.join(' '), path] as const))('%s --help shows an example and ends with 0', async (name, path) => {
    const { code, stdout } = await here(...path, '--help')
    expect(code).toBe(0)
    expect(stdout).toContain(`Usage: assay ${name}`)
    expect(stdout).toContain(`$ assay ${path[0]}`)
    expect(stdout).toContain('--json')
  })

  test('the root --help and --version end with 0', async () => {
    expect((await here('--help')).code).toBe(0)
    vi.restoreAllMocks()
    const { code, stdout } = await here('--version')
    expect({ code, stdout: stdout.trim() }).toEqual({ code: 0, stdout: '0.1.0' })
  })
})

test('whoever reads may stop before the end', { timeout: 60_000 }, async () => {
  const env = { PATH: process.env['PATH'] ?? '', ASSAY_HOME: home }
  const child = spawn(process.execPath, [COMMAND, '--help'], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  child.stdout.destroy()
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => void (said += text))
  const [code] = (await once(child, 'close')) as [number]
  expect(said).toBe('')
  expect(code).toBe(0)
})

describe('wrong usage ends with 2 and says what was wrong', () => {
  test.each([
    ['an unknown command', ['frobnicate'], /unknown command 'frobnicate'/],
    ['no command at all', [], /Usage: assay/],
    ['half a command', ['fields'], /Usage: assay fields/],
    ['an unknown option', ['sync', '--fulll'], /unknown option '--fulll'.*\n?.*--full/s],
    ['a missing argument', ['erase'], /missing required argument 'record'/],
    ['one argument too many', ['sync', 'now'], /too many arguments/],
    ['an option without its value', ['connect', 'hubspot', '--token-file'], /argument missing/],
    ['a setting that is none', ['connect', 'hubspot', '--setting', 'baseUrl'], /NAME=VALUE/],
    ['a token file that is not there', ['connect', 'hubspot', '--token-file', '/nowhere/token'], /cannot be read/],
    ['a settings file that is not there', ['connect', 'hubspot', '--settings-file', '/nowhere/settings'], /cannot be read/],
    ['a settings file that holds something else', ['connect', 'hubspot', '--settings-file', COMMAND], /no JSON object/],
    ['a receipt that is none', ['fields', 'receipt', '--add', SHAPELESS], /add\.madeAt/],
    ['a number that is none', ['define', 'churn', '--accept', 'soon'], /accept/],
    ['a choice that is none', ['define', 'churn', '--from', 'thin-air'], /from/],
    ['a company of so many accounts', ['demo', '--accounts', 'many'], /--accounts takes a whole number/],
    ['two wishes that exclude each other', ['publish', '--dry-run', '--continue'], /cannot be used with option '--dry-run'/],
    ['minutes that are none', ['link', 'account:1', '--minutes', 'many'], /minutes/],
  ] as const)('%s', async (_name, words, said) => {
    const { code, stdout, stderr } = await here(...words)
    expect(stderr).toMatch(said)
    expect(stdout).toBe('')
    expect(code).toBe(2)
    expect(stderr).not.toMatch(/bug in Assay|\n\s+at /)
  })
})

describe('with --json whatever goes wrong is one document', () => {
  const document = (stdout: string) => JSON.parse(stdout) as { error: { kind: string | null; message: string; hint: string } }

  test('words that are not understood', { timeout: 120_000 }, async () => {
    const { code, stdout, stderr } = await assay(['sync', '--fulll', '--json'])
    expect(code).toBe(2)
    expect(document(stdout).error).toMatchObject({ kind: 'usage', message: expect.stringContaining("unknown option '--fulll'") as string })
    expect(stderr).toContain("unknown option '--fulll'")
  })
  test('half a command', { timeout: 120_000 }, async () => {
    const { code, stdout } = await assay(['fields', '--json'])
    expect(code).toBe(2)
    expect(document(stdout).error.kind).toBe('usage')
  })
  test('an environment that is not understood', async () => {
    vi.stubEnv('ASSAY_PORT', 'abc')
    const { code, stdout } = await here('status', '--json')
    expect(code).toBe(2)
    expect(document(stdout).error).toMatchObject({ kind: 'config', message: expect.stringContaining('ASSAY_PORT') as string })
  })
  test('a receipt that cannot be read, and a demo of so many accounts', async () => {
    expect(document((await here('fields', 'receipt', '--add', '/nowhere/receipt', '--json')).stdout).error.kind).toBe('config')
    vi.restoreAllMocks()
    expect(document((await here('demo', '--accounts', 'many', '--json')).stdout).error.message).toContain('--accounts')
  })
  test('what the system says no to, Ctrl-C and a bug, each by its kind', () => {
    const kind = (error: unknown): unknown => failureOf(error).kind
    expect(kind(Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES' }))).toBe('system')
    expect(kind(new DOMException('stopped', 'AbortError'))).toBe('stopped')
    expect(kind(new TypeError('x is not a function'))).toBeNull()
  })
  test('but not a second one behind a result', () => {
    let stdout = ''
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => ((stdout += String(text)), true))
    const terminal = openTerminal({ json: true, level: 'warn' })
    terminal.result({ url: 'http://127.0.0.1:1' }, () => '')
    terminal.failure(failureOf(new Error('later')))
    expect(JSON.parse(stdout)).toEqual({ url: 'http://127.0.0.1:1' })
  })
})

describe('the real command', () => {
  test('prints one JSON document on stdout, and nothing else there', async () => {
    const { code, stdout } = await assay(['status', '--json'])
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ connections: [], runs: [] })
  }, 120_000)

  test('says in one JSON document what went wrong, and in words on stderr', async () => {
    const { code, stdout, stderr } = await assay(['sync', '--json'])
    expect(code).toBe(2)
    expect(JSON.parse(stdout)).toEqual({
      error: { kind: 'config', message: 'No CRM is connected yet.', hint: expect.stringContaining('assay connect') as string },
    })
    expect(stderr).toContain('No CRM is connected yet.')
  }, 120_000)

  test.each([
    ['ASSAY_PORT', 'abc', /ASSAY_PORT: expected a port/],
    ['ASSAY_NOW', 'tomorrow', /ASSAY_NOW: expected an instant/],
    ['DATABASE_URL', 'mysql://root:hunter2@db', /DATABASE_URL: expected a URL/],
  ])(
    'a wrong %s ends with 2, is named, and its value is not told',
    async (name, value, said) => {
      const { code, stdout, stderr } = await assay(['status'], { [name]: value })
      expect(code).toBe(2)
      expect(stderr).toMatch(said)
      expect(stdout + stderr).not.toContain(value)
    },
    120_000,
  )

  test('an unknown command ends with 2', async () => {
    expect((await assay(['frobnicate'])).code).toBe(2)
  }, 120_000)
})

describe('fields build', () => {
  test('makes the package before there is any connection, and touches no data directory', async () => {
    const folder = join(home, 'for', 'the-admin')
    const data = join(home, 'no-data')
    vi.stubEnv('ASSAY_HOME', data)
    const made = await here('fields', 'build', 'sugarcrm', '--folder', folder, '--json')
    expect(made).toMatchObject({ code: 0, stderr: '' })
    const { file, bytes, steps } = JSON.parse(made.stdout) as { file: string; bytes: number; steps: string[] }
    expect(file).toMatch(/assay-sugarcrm-[\d.]+\.zip$/)
    expect((await readFile(file)).length).toBe(bytes)
    expect(steps.join(' ')).toContain('Module Loader')
    expect(existsSync(data)).toBe(false)
    const said = await here('fields', 'build', 'sugarcrm', '--folder', folder, '--setting', 'platform=assay_test')
    expect(said.stdout).toContain('--setting platform=assay_test')
  })

  test.each([
    ['hubspot', 'assay fields install'],
    ['salesforce', 'assay fields install'],
    ['csv', 'no fields to make'],
    ['nonsense', 'There is no connector "nonsense"'],
  ])('%s: says that there is nothing to build, and what to do instead', async (crm, expected) => {
    const { code, stdout, stderr } = await here('fields', 'build', crm, '--folder', home)
    expect(code).not.toBe(0)
    expect(stdout).toBe('')
    expect(stderr).toContain(expected)
  })

  test('refuses a platform of Sugar’s own, a setting that has no say, and a place that is none', async () => {
    const base = await here('fields', 'build', 'sugarcrm', '--folder', home, '--setting', 'platform=base')
    expect(base.stderr).toContain('throws out whoever works in it')
    const other = await here('fields', 'build', 'sugarcrm', '--folder', home, '--setting', 'password=top-secret')
    expect(other.stderr).toContain('password')
    expect(other.stderr).not.toContain('top-secret')
    const nowhere = await here('fields', 'build', 'sugarcrm', '--folder', SHAPELESS)
    expect(nowhere.stderr).toContain('cannot be written')
    expect([base.code, other.code, nowhere.code]).not.toContain(0)
  })
})

test('a number and a yes or no among the words of connect become what the connector wants', async () => {
  const wrong = (settings: Record<string, string>): Promise<string> =>
    connect
      .run({ connector: connectorOf } as unknown as App, { connector: 'sugarcrm', settings }, () => {}, new AbortController().signal)
      .then(String, String)
  const url = 'http://crm.acme.internal'
  expect(await wrong({ url, plainHttp: 'perhaps', pageSize: 'many' })).toMatch(/plainHttp: .*pageSize: /)
  // Then only the way to sign in is missing.
  expect(await wrong({ url, plainHttp: 'true', pageSize: '100' })).toMatch(/connected: password: [^;]*$/)
})
