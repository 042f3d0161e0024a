import { execFile, execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer as createHttpServer, request, type Server } from 'node:http'
import { createServer } from 'node:https'
import { connect, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startSugar, type SugarStandIn } from '@assay/crm-sugarcrm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildPackage } from '../src/index.ts'
import { settings } from '../src/settings.ts'

const PROCESS = fileURLToPath(new URL('on-premises-process.ts', import.meta.url))
/** Not part of Assay: makes the certificates of these tests. */
const OPENSSL = 'openssl'
const hasOpenssl = spawnSync(OPENSSL, ['version']).status === 0
if (!hasOpenssl) console.info('left out: on premises: no openssl on this machine, so there is no certificate to be refused or trusted')

/** Known to the proxy only. */
const INSIDE = 'crm.acme.internal'

interface Said {
  readonly account?: string
  readonly kind?: string
  readonly message?: string
  readonly hint?: string
  readonly tries?: number
}

const listening = async (server: Server): Promise<number> => {
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

/** A certificate authority of the company's own, and what it signed. */
const certificates = (folder: string): { readonly ca: string; readonly key: string; readonly cert: string } => {
  const at = (name: string): string => join(folder, name)
  const openssl = (...words: string[]): void => void execFileSync(OPENSSL, words, { stdio: 'ignore' })
  openssl(
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-days',
    '2',
    '-subj',
    '/CN=Acme CA',
    '-keyout',
    at('ca.key'),
    '-out',
    at('ca.pem'),
  )
  openssl('req', '-newkey', 'rsa:2048', '-nodes', '-subj', `/CN=${INSIDE}`, '-keyout', at('key.pem'), '-out', at('request.pem'))
  writeFileSync(at('names.cnf'), `subjectAltName=DNS:${INSIDE},IP:127.0.0.1\n`)
  const signing = ['-CA', at('ca.pem'), '-CAkey', at('ca.key'), '-CAcreateserial', '-extfile', at('names.cnf')]
  openssl('x509', '-req', '-days', '2', '-in', at('request.pem'), ...signing, '-out', at('cert.pem'))
  return { ca: at('ca.pem'), key: readFileSync(at('key.pem'), 'utf8'), cert: readFileSync(at('cert.pem'), 'utf8') }
}

describe('Sugar on premises', { timeout: 60_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'assay-premises-'))
  const asked: string[] = []
  const servers: Server[] = []
  const at = { ca: '', sugar: 0, proxy: 0 }
  let standIn: SugarStandIn

  beforeAll(async () => {
    standIn = await startSugar()
    standIn.installPackage(buildPackage())
    if (!hasOpenssl) return
    const { ca, key, cert } = certificates(folder)
    const inner = new URL(standIn.url)
    // The web server in front of Sugar, which holds the certificate.
    const front = createServer({ key, cert }, (incoming, outgoing) => {
      const { method, url: path, headers } = incoming
      const passed = request({ host: inner.hostname, port: inner.port, method, path, headers }, (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
        answer.pipe(outgoing)
      })
      incoming.pipe(passed)
    })
    const proxy = createHttpServer()
    proxy.on('connect', (incoming, socket) => {
      asked.push(incoming.url ?? '')
      const tunnel = connect(at.sugar, '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 Connection Established\r\n\r\n')
        tunnel.pipe(socket).pipe(tunnel)
      })
      for (const end of [tunnel, socket]) end.on('error', () => void [tunnel, socket].map((each) => each.destroy()))
    })
    servers.push(front, proxy)
    Object.assign(at, { ca, sugar: await listening(front), proxy: await listening(proxy) })
  }, 60_000)
  afterAll(async () => {
    for (const server of servers) {
      server.closeAllConnections()
      server.close()
    }
    await standIn.close()
    rmSync(folder, { recursive: true })
  })

  const signIn = (url: string, environment: Readonly<Record<string, string>>): Promise<Said> =>
    new Promise((resolve, reject) => {
      const env = { PATH: process.env['PATH'] ?? '', SUGAR_PASSWORD: standIn.passwords.integration, ...environment }
      execFile(process.execPath, [PROCESS, url, 'integration'], { env }, (error, stdout, stderr) => {
        if (error) reject(new Error(stderr))
        else resolve(JSON.parse(stdout) as Said)
      })
    })
  const direct = (): string => `https://127.0.0.1:${at.sugar}`
  const inside = (): string => `https://${INSIDE}:${at.sugar}`

  it.runIf(hasOpenssl)('refuses a certificate that nobody vouches for, at once, and says how to name who does', async () => {
    const said = await signIn(direct(), {})
    expect(said).toMatchObject({ kind: 'config', hint: expect.stringContaining('NODE_EXTRA_CA_CERTS') as string, tries: 1 })
  })

  it.runIf(hasOpenssl)('is signed in to at a private address, with the company’s own certificate authority', async () => {
    expect((await signIn(direct(), { NODE_EXTRA_CA_CERTS: at.ca })).account).toContain(`127.0.0.1:${at.sugar}`)
  })

  it.runIf(hasOpenssl)('refuses a certificate that is of another host', async () => {
    const said = await signIn(`https://localhost:${at.sugar}`, { NODE_EXTRA_CA_CERTS: at.ca })
    expect(said).toMatchObject({ kind: 'config', message: expect.stringContaining('ALTNAME') as string, tries: 1 })
  })

  it.runIf(hasOpenssl)('is reached through a proxy, which alone knows its name', async () => {
    const through = { NODE_EXTRA_CA_CERTS: at.ca, NODE_USE_ENV_PROXY: '1', HTTPS_PROXY: `http://127.0.0.1:${at.proxy}` }
    expect((await signIn(inside(), through)).account).toContain(INSIDE)
    expect(new Set(asked)).toEqual(new Set([`${INSIDE}:${at.sugar}`]))
    // What is named in NO_PROXY goes straight there.
    asked.length = 0
    expect((await signIn(direct(), { ...through, NO_PROXY: '127.0.0.1' })).account).toBeDefined()
    expect(asked).toEqual([])
  })

  it.runIf(hasOpenssl)('that cannot be reached is tried again, and the proxy is thought of', async () => {
    const said = await signIn(inside(), { NODE_EXTRA_CA_CERTS: at.ca })
    expect(said).toMatchObject({ kind: 'offline', hint: expect.stringContaining('NODE_USE_ENV_PROXY') as string, tries: 5 })
  })

  it('is told no password over http, unless the admin says that the network is their own', () => {
    const password = { username: 'assay', password: 'secret' }
    const url = 'http://crm.acme.internal/sugar'
    expect(
      settings
        .safeParse({ url, password })
        .error?.issues.map(({ message }) => message)
        .join(),
    ).toContain('plainHttp')
    expect(settings.safeParse({ url, password, plainHttp: true }).success).toBe(true)
    for (const good of ['https://10.0.0.7/sugar', 'http://127.0.0.1:8080', 'http://localhost'])
      expect(settings.safeParse({ url: good, password }).success, good).toBe(true)
    expect(settings.safeParse({ url: 'ftp://crm.acme.internal', password, plainHttp: true }).success).toBe(false)
  })
})
