import { AssayError } from '@assay/shared'
import { isAbsolute } from 'node:path'
import { describe, expect, test } from 'vitest'
import { clockOf, readConfig } from '../../src/config.ts'

const failure = (env: Record<string, string>): AssayError => {
  try {
    readConfig(env)
  } catch (error) {
    if (error instanceof AssayError) return error
    throw error
  }
  throw new Error('was accepted')
}

describe('the environment', () => {
  test('is complete when it is empty', () => {
    const config = readConfig({})
    expect(isAbsolute(config.home)).toBe(true)
    expect(config).toMatchObject({
      organisation: 'default',
      clickhouseUrl: null,
      clickhouseCluster: null,
      databaseUrl: null,
      masterKey: null,
      listen: { host: '127.0.0.1', port: 4870 },
      quotaShare: 0.5,
      publicUrl: null,
    })
  })

  test('is read as it is set, blanks as not set', () => {
    const key = Buffer.alloc(32, 7)
    const config = readConfig({
      ASSAY_HOME: '/data/assay',
      ASSAY_ORGANISATION: 'acme_2',
      CLICKHOUSE_URL: 'http://ch:8123',
      CLICKHOUSE_CLUSTER: 'two-shards',
      DATABASE_URL: ' ',
      ASSAY_KEY: key.toString('base64'),
      ASSAY_PORT: '0',
      ASSAY_PUBLIC_URL: 'https://assay.example.com/behind/',
      ASSAY_QUOTA_SHARE: '0.25',
    })
    expect(config).toMatchObject({ home: '/data/assay', organisation: 'acme_2', clickhouseCluster: 'two-shards', databaseUrl: null })
    expect(config.listen.port).toBe(0)
    expect(config.publicUrl).toBe('https://assay.example.com/behind')
    expect(config.quotaShare).toBe(0.25)
    expect(Buffer.from(config.masterKey ?? []).equals(key)).toBe(true)
  })

  test('may start the clock elsewhere, for tests and replays; it goes on from there', () => {
    expect(readConfig({}).startsAt).toBeNull()
    const config = readConfig({ ASSAY_NOW: '2026-11-02T09:00:00Z' })
    const now = clockOf(config)
    const ahead = Date.UTC(2026, 10, 2, 9) - Date.now()
    expect(Math.abs(now() - Date.now() - ahead)).toBeLessThan(60_000)
    expect(clockOf({ startsAt: null })).toBe(Date.now)
    expect(failure({ ASSAY_NOW: 'yesterday-ish' }).message).toMatch(/ASSAY_NOW: expected an instant/)
  })

  test('names each wrong variable and what was expected, never the value', () => {
    const error = failure({
      DATABASE_URL: 'mysql://root:hunter2@db',
      ASSAY_KEY: 'c2hvcnQtc2VjcmV0',
      ASSAY_PORT: '70000',
      ASSAY_QUOTA_SHARE: '2',
    })
    expect(error.kind).toBe('config')
    for (const part of [
      'DATABASE_URL',
      'postgres://',
      'ASSAY_KEY',
      '32 bytes',
      'ASSAY_PORT',
      '0-65535',
      'ASSAY_QUOTA_SHARE',
      'at most 1',
    ]) {
      expect(error.message).toContain(part)
    }
    expect(JSON.stringify([error.message, error.hint, error.cause])).not.toMatch(/hunter2|c2hvcnQ/)
  })

  test('refuses an organisation that cannot name a database, and a cluster without a server', () => {
    expect(failure({ ASSAY_ORGANISATION: 'a"; drop database x' }).message).toContain('ASSAY_ORGANISATION')
    expect(failure({ CLICKHOUSE_CLUSTER: 'c' }).message).toContain('CLICKHOUSE_URL')
  })

  test('names the pages that may show the panel inside them: whole origins and nothing else', () => {
    expect(readConfig({}).panelOrigins).toEqual([])
    expect(readConfig({ ASSAY_PANEL_ORIGINS: 'https://app.hubspot.com, https://crm.example:8443' }).panelOrigins).toEqual([
      'https://app.hubspot.com',
      'https://crm.example:8443',
    ])
    for (const wrong of ['*', "'self'", 'app.hubspot.com', 'https://app.hubspot.com/', 'https://a.example; script-src *'])
      expect(failure({ ASSAY_PANEL_ORIGINS: wrong }).message, wrong).toContain('ASSAY_PANEL_ORIGINS')
  })

  test('takes the nodes of a cluster with commas between them, and only with its name', () => {
    const nodes = 'http://one:8123, https://two:8443'
    expect(readConfig({ CLICKHOUSE_URL: nodes, CLICKHOUSE_CLUSTER: 'c' }).clickhouseUrl).toBe(nodes)
    expect(failure({ CLICKHOUSE_URL: nodes }).message).toContain('CLICKHOUSE_CLUSTER')
    expect(failure({ CLICKHOUSE_URL: 'http://one:8123,tcp://two:9000', CLICKHOUSE_CLUSTER: 'c' }).message).toMatch(/http:\/\/.*commas/)
  })
})
