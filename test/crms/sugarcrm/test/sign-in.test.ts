import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { startSugar, type SugarStandIn } from '../src/index.ts'
import { call, errorOf, password } from './client.ts'

let standIn: SugarStandIn
beforeEach(async () => {
  standIn = await startSugar({ now: () => Date.UTC(2026, 4, 4, 8) })
})
afterEach(() => standIn.close())

const token = (body: object) => call(standIn, 'POST', 'oauth2/token', body, { token: '' })
const me = (accessToken: string) => call(standIn, 'GET', 'me', undefined, { token: accessToken })

describe('the password grant', () => {
  test('gives tokens that work, in either header', async () => {
    const { status, body } = await token(password(standIn))
    expect(status).toBe(200)
    expect(body).toMatchObject({ expires_in: 3600, token_type: 'bearer', scope: null, refresh_expires_in: 1_209_600 })
    expect((await me(String(body['access_token']))).body['current_user']).toMatchObject({ user_name: 'integration', type: 'user' })
    const bearer = await call(standIn, 'GET', 'ping', undefined, {
      token: '',
      headers: { authorization: `Bearer ${String(body['access_token'])}` },
    })
    expect(bearer.body).toBe('pong')
  })

  test.each([
    ['a wrong password', { password: 'no' }, '401 need_login'],
    ['an unknown user', { username: 'nobody' }, '401 need_login'],
    ['a platform that nobody registered', { platform: 'assay' }, '400 invalid_parameter'],
    ['a client that is not there', { client_id: 'other' }, '400 invalid_client'],
    ['a grant that is not there', { grant_type: 'magic' }, '400 unsupported_grant_type'],
  ])('refuses %s', async (_name, more, expected) => {
    expect(errorOf(await token(password(standIn, more)))).toBe(expected)
  })

  test('refuses an unknown platform as it is told to', async () => {
    standIn.setQuirks({ platformRefusal: { status: 403, error: 'not_authorized' } })
    expect(errorOf(await token(password(standIn, { platform: 'assay' })))).toBe('403 not_authorized')
    standIn.oauth.registerPlatform('assay')
    expect((await token(password(standIn, { platform: 'assay' }))).status).toBe(200)
  })

  test('is refused with the address of another place where passwords are checked elsewhere', async () => {
    const other = await startSugar({ oauth: { externalLogin: 'https://login.example', clients: { key: 'secret' } } })
    const answer = await call(other, 'POST', 'oauth2/token', password(other, { client_id: 'key', client_secret: 'secret' }), { token: '' })
    expect(answer).toMatchObject({ status: 401, body: { error: 'need_login', url: 'https://login.example', platform: 'base' } })
    await other.close()
  })
})

describe('sessions', () => {
  test('a second sign-in at the same platform throws the first one out', async () => {
    const human = standIn.oauth.signIn('integration')
    const other = standIn.oauth.signIn('viewer')
    await token(password(standIn))
    expect(errorOf(await me(human.accessToken))).toBe('401 invalid_grant')
    expect(standIn.oauth.isAlive(other.accessToken)).toBe(true)
    const refreshed = await token({ ...password(standIn), grant_type: 'refresh_token', refresh_token: human.refreshToken })
    expect(errorOf(refreshed)).toBe('400 invalid_grant')
  })

  test('a platform of its own leaves the human alone', async () => {
    standIn.oauth.registerPlatform('assay')
    const human = standIn.oauth.signIn('integration')
    await token(password(standIn, { platform: 'assay' }))
    expect((await me(human.accessToken)).status).toBe(200)
    expect(standIn.oauth.sessions().map((session) => session.platform)).toEqual(['base', 'assay'])
  })

  test('an access token ends after an hour, and a refresh gives two new ones', async () => {
    const first = (await token(password(standIn))).body
    standIn.clock.advance(3_600_000)
    expect(errorOf(await me(String(first['access_token'])))).toBe('401 invalid_grant')
    const refresh = { ...password(standIn), grant_type: 'refresh_token', refresh_token: first['refresh_token'] }
    const second = (await token(refresh)).body
    expect(second['refresh_token']).not.toBe(first['refresh_token'])
    expect((await me(String(second['access_token']))).status).toBe(200)
    expect(errorOf(await token(refresh))).toBe('400 invalid_grant')
    standIn.setQuirks({ refreshRefusal: 401 })
    expect(errorOf(await token(refresh))).toBe('401 invalid_grant')
  })

  test('a refresh token ends after two weeks', async () => {
    const { body } = await token(password(standIn))
    standIn.clock.advance(1_209_600_000)
    const refresh = { ...password(standIn), grant_type: 'refresh_token', refresh_token: body['refresh_token'] }
    expect(errorOf(await token(refresh))).toBe('400 invalid_grant')
  })

  test('end with logout, and begin by an admin for somebody else', async () => {
    const { body } = await token(password(standIn))
    const access = String(body['access_token'])
    expect((await call(standIn, 'POST', 'oauth2/logout', {}, { token: access })).body).toEqual({ success: true })
    expect(errorOf(await me(access))).toBe('401 invalid_grant')
    const sudo = await call(standIn, 'POST', 'oauth2/sudo/viewer', { platform: 'base' }, { token: standIn.tokens.admin })
    expect((await me(String(sudo.body['access_token']))).body['current_user']).toMatchObject({ user_name: 'viewer' })
    expect(errorOf(await call(standIn, 'POST', 'oauth2/sudo/admin', {}))).toBe('403 not_authorized')
  })

  test('no token and a wrong one are told apart', async () => {
    expect(errorOf(await me(''))).toBe('401 need_login')
    expect(errorOf(await me('no-such-token'))).toBe('401 invalid_grant')
  })
})

describe('versions', () => {
  test.each(['v10', 'v11', 'v11_20', 'v11.17'])('%s is served', async (version) => {
    expect((await call(standIn, 'GET', 'ping', undefined, { version })).body).toBe('pong')
  })

  test('one in the Accept header is served, unknown ones are refused', async () => {
    const accept = 'application/vnd.sugarcrm.core+json; version=11.20'
    expect((await call(standIn, 'GET', 'ping', undefined, { version: '', headers: { accept } })).body).toBe('pong')
    expect(errorOf(await call(standIn, 'GET', 'ping', undefined, { version: 'v11_99' }))).toBe('301 incorrect_version')
    expect(errorOf(await call(standIn, 'GET', 'ping', undefined, { version: 'v4' }))).toBe('301 incorrect_version')
  })

  test('the clock of the server is the stand-in’s', async () => {
    const { body, headers } = await call(standIn, 'GET', 'ping/whattimeisit')
    expect(body).toBe('2026-05-04T08:00:00+00:00')
    expect(headers.get('date')).toBe('Mon, 04 May 2026 08:00:00 GMT')
  })
})
