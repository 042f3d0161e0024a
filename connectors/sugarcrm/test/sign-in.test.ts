import { testHost } from '@assay/conformance'
import { startSugar, type SugarOptions } from '@assay/crm-sugarcrm'
import type { Session } from '@assay/shared'
import { describe, expect, it, onTestFinished } from 'vitest'
import { buildPackage, PACKAGE_FILE, sugarcrm, type Settings } from '../src/index.ts'
import { settings } from '../src/settings.ts'

const started = async (options: SugarOptions = {}, installed = true) => {
  const standIn = await startSugar({ now: () => Date.UTC(2026, 4, 4, 8), ...options })
  onTestFinished(() => standIn.close())
  if (installed) standIn.installPackage(buildPackage())
  const host = testHost(standIn.clock)
  const kept: unknown[] = []
  const keep = (changed: unknown) => Promise.resolve(void kept.push(changed))
  const password = { username: 'integration', password: standIn.passwords.integration }
  const open = (given: Record<string, unknown> = { password }): Session =>
    sugarcrm.open(settings.parse({ url: standIn.url, ...given }), { ...host, keep })
  return { standIn, host, open, kept, password }
}
const read = async (session: Session): Promise<number> => {
  let records = 0
  for await (const page of session.read('account', null)) records += page.records.length
  return records
}
const failureOf = (session: Session): Promise<unknown> => read(session).catch((thrown: unknown) => thrown)
const hour = 3_600_000

describe('the integration user signs in', () => {
  it('under a platform of its own, so that nobody at work in the browser is thrown out', async () => {
    const { standIn, open } = await started()
    const { accessToken } = standIn.oauth.signIn('integration', 'base')
    expect(await read(open())).toBe(0)
    expect(standIn.oauth.isAlive(accessToken)).toBe(true)
    for (const platform of ['base', 'mobile'])
      expect(settings.safeParse({ url: standIn.url, password: { username: 'a', password: 'b' }, platform }).success, platform).toBe(false)
  })

  it('and goes on after the token has expired: by the refresh token, and by password when that has expired too', async () => {
    const { standIn, open } = await started()
    const session = open()
    expect(await read(session)).toBe(0)
    standIn.clock.advance(2 * hour)
    expect(await read(session)).toBe(0)
    standIn.clock.advance(15 * 24 * hour)
    expect(await read(session)).toBe(0)
  })

  it('and goes on after another process of the same user has taken the session over', async () => {
    const { open, password } = await started()
    // Sessions of one process share a sign-in where their settings are the same: these do not.
    const [one, other] = [open(), open({ password, apiVersion: '11_19' })]
    for (const session of [one, other, one, other]) expect(await read(session)).toBe(0)
  })

  it('once for all sessions of this process, so that a check or an answer does not end the session of a sync', async () => {
    const { standIn, open, password } = await started()
    const signIns = (): number => standIn.requests.count('oauth.token')
    const [sync, check] = [open(), open()]
    await Promise.all([read(sync), read(check)])
    expect(signIns()).toBe(1)
    await check.close()
    await check.close()
    expect(await read(sync)).toBe(0)
    expect(await read(open())).toBe(0)
    expect(signIns()).toBe(1)
    expect(standIn.requests.count('list', 401)).toBe(0)
    // Whoever does not know the password does not come in with it.
    expect(await failureOf(open({ password: { ...password, password: 'a-guess' } }))).toMatchObject({ kind: 'auth' })
  })

  it('anew when no session is open any more', async () => {
    const { standIn, open } = await started()
    for (let times = 1; times <= 2; times += 1) {
      const session = open()
      await read(session)
      await session.close()
      expect(standIn.requests.count('oauth.token')).toBe(times)
    }
  })

  it('by a refresh token that another session has used up: both go on, and both keep the new one', async () => {
    const { standIn, open, kept } = await started()
    const { refreshToken } = standIn.oauth.signIn('integration', 'assay')
    const [one, other] = [open({ oauth: { refreshToken } }), open({ oauth: { refreshToken } })]
    expect(await read(one)).toBe(0)
    expect(await read(other)).toBe(0)
    standIn.clock.advance(2 * hour)
    expect(await read(other)).toBe(0)
    const renewed = (kept.at(-1) as Settings).oauth
    expect(await read(open({ oauth: renewed }))).toBe(0)
    expect(await read(one)).toBe(0)
    expect(standIn.requests.count('oauth.token')).toBe(2)
    expect((kept.at(-1) as Settings).oauth).toEqual(renewed)
  })

  it('by a refresh token that is used up by being used: the new one is handed over to be kept', async () => {
    const { standIn, open, kept } = await started()
    const { refreshToken } = standIn.oauth.signIn('integration', 'assay')
    const session = open({ oauth: { refreshToken } })
    expect(await read(session)).toBe(0)
    const [first] = kept as Settings[]
    expect(first?.oauth?.refreshToken).not.toBe(refreshToken)
    // The session itself goes on with the new one, too.
    standIn.clock.advance(2 * hour)
    expect(await read(session)).toBe(0)
    expect(kept).toHaveLength(2)
    await session.close()
    expect(await failureOf(open({ oauth: { refreshToken } }))).toMatchObject({ kind: 'auth' })
    expect(await read(open({ oauth: (kept[1] as Settings).oauth }))).toBe(0)
  })

  it('renews once for several calls that were refused at the same time', async () => {
    const { standIn, open } = await started()
    const session = open()
    expect(await read(session)).toBe(0)
    standIn.clock.advance(2 * hour)
    const before = standIn.requests.count('token')
    await Promise.all([read(session), read(session), read(session)])
    expect(standIn.requests.count('token') - before).toBeLessThanOrEqual(1)
  })
})

describe('what goes wrong teaches, and tells no secret', () => {
  it('the package first, as long as Sugar does not know the platform: in whichever words it refuses', async () => {
    for (const platformRefusal of [
      { status: 400, error: 'invalid_parameter' },
      { status: 403, error: 'not_authorized' },
      { status: 422, error: 'invalid_parameter' },
    ]) {
      const { standIn, open } = await started({ quirks: { platformRefusal } }, false)
      const failure = (await failureOf(open())) as { kind: string; hint: string }
      expect(failure).toMatchObject({ kind: 'auth' })
      expect(failure.hint).toContain('Upload the package first')
      expect(failure.hint).toContain(PACKAGE_FILE)
      standIn.installPackage(buildPackage())
      expect(await read(open())).toBe(0)
    }
  })

  it('a wrong password, a wrong key, a used-up token, a sign-in elsewhere, an old version, a wrong address', async () => {
    const { standIn, open, password } = await started()
    const wrong = { ...password, password: 'top-secret-1' }
    expect(await failureOf(open({ password: wrong }))).toMatchObject({ kind: 'auth', hint: expect.stringContaining('password') })
    expect(await failureOf(open({ password, clientId: 'other', clientSecret: 'top-secret-2' }))).toMatchObject({
      kind: 'auth',
      hint: expect.stringContaining('OAuth Keys'),
    })
    expect(await failureOf(open({ oauth: { refreshToken: 'top-secret-3' } }))).toMatchObject({
      kind: 'auth',
      hint: expect.stringContaining('assay connect'),
    })
    expect(await failureOf(open({ password, apiVersion: '11_99' }))).toMatchObject({
      kind: 'config',
      hint: expect.stringContaining('apiVersion'),
    })
    expect(await failureOf(open({ password, url: `${standIn.url}/nowhere` }))).toMatchObject({ kind: 'config' })
    const elsewhere = await started({ oauth: { externalLogin: 'https://login.example' } })
    expect(await failureOf(elsewhere.open())).toMatchObject({ kind: 'auth', hint: expect.stringContaining('SugarIdentity') })
    for (const given of [{ password: wrong }, { oauth: { refreshToken: 'top-secret-3' } }]) {
      const failure = (await failureOf(open(given))) as Error & { hint: string }
      expect(`${failure.message} ${failure.hint} ${failure.stack}`).not.toContain('top-secret')
    }
  })
})
