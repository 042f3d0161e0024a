import assert from 'node:assert/strict'
import {
  endsSoon,
  liveIds,
  mainKind,
  needsFault,
  readAll,
  rejectsWith,
  sorted,
  always,
  type ConnectorCheck,
  type Subject,
} from '../check.ts'

/** Reads a few records once without trouble (so that the calls are known), then again after `spoil`. */
const readTwice = async (subject: Subject, spoil: () => void) => {
  const kind = mainKind(subject)
  const ids = await subject.crm.create(kind, 5)
  subject.crm.passTime(subject.crm.settleMs)
  const start = subject.crm.calls()
  const untroubled = subject.open()
  await readAll(untroubled, kind, null)
  // Sessions that are open side by side may share a sign-in: the second read shall make one of its own, as the first did.
  await untroubled.close()
  const usual = subject.crm.calls() - start
  spoil()
  const waitsBefore = subject.host.waits.length
  const callsBefore = subject.crm.calls()
  const outcome = await readAll(subject.open(), kind, null).then(
    ({ records }) => ({ ids: liveIds(records, kind), error: null }),
    (error: unknown) => ({ ids: null, error }),
  )
  return {
    ids: sorted(ids),
    outcome,
    extraCalls: subject.crm.calls() - callsBefore - usual,
    waits: subject.host.waits.slice(waitsBefore),
    calls: subject.crm.calls() - callsBefore,
  }
}

/** Told once more by another read: gives the error of a whole read. */
const failedRead = (subject: Subject) => {
  const kind = mainKind(subject)
  return readAll(subject.open(), kind, null)
}

/** Neither the guard against hanging nor a read that took the stop for the end. */
const notTheGuard = (error: unknown): boolean =>
  error instanceof Error && !error.message.includes('did not end') && !(error instanceof assert.AssertionError)

const assertGrowing = (waits: readonly number[]): void => {
  assert.ok(waits.length >= 2, `waited ${waits.length} times`)
  assert.ok((waits.at(-1) ?? 0) > (waits[0] ?? 0), `waits do not grow: ${waits.join(', ')}`)
}

export const troubleChecks: readonly ConnectorCheck[] = [
  {
    name: 'on 429 it waits as long as the CRM says, and calls no more until then',
    leftOut: needsFault('tooFast'),
    async run(subject) {
      assert.ok(new Set(subject.crm.waits).size >= 2, 'the stand-in must be able to ask for two different waits')
      for (const waitMs of subject.crm.waits) {
        const { ids, outcome, extraCalls, waits } = await readTwice(subject, () =>
          subject.crm.inject({ type: 'tooFast', waitMs, times: 2 }),
        )
        assert.equal(outcome.error, null)
        for (const id of ids) assert.ok(outcome.ids?.includes(id))
        const waited = waits.reduce((sum, wait) => sum + wait, 0)
        assert.ok(waited >= 2 * waitMs, `asked to wait ${waitMs} ms twice, waited ${waited}`)
        assert.ok(waited <= 3 * waitMs + 2000, `asked to wait ${waitMs} ms twice, waited ${waited}: not what the CRM said`)
        assert.ok(extraCalls <= 2, `${extraCalls} more calls than the two refused`)
      }
    },
  },
  {
    name: 'an endless 429 ends as a limit, without hammering',
    leftOut: needsFault('tooFast'),
    async run(subject) {
      subject.crm.inject({ type: 'tooFast', waitMs: subject.crm.waits[0] ?? 1000, times: 1_000_000 })
      const error = await rejectsWith(['limit'], () => failedRead(subject))
      assert.ok((error.retryAfterMs ?? 0) > 0, 'says for how long')
      assert.ok(subject.crm.calls() <= 20, `${subject.crm.calls()} calls`)
    },
  },
  {
    name: 'a used-up day is a limit that says when it is over',
    leftOut: needsFault('dayUsedUp'),
    async run(subject) {
      subject.crm.inject({ type: 'dayUsedUp' })
      const error = await rejectsWith(['limit'], () => failedRead(subject))
      assert.ok((error.retryAfterMs ?? 0) > 0 && (error.retryAfterMs ?? 0) <= 25 * 3_600_000, `retry after ${error.retryAfterMs} ms`)
      assert.ok(subject.crm.calls() <= 2, `${subject.crm.calls()} calls on a day that is used up`)
    },
  },
  {
    name: 'a CRM that is down for a moment is asked again, with growing waits',
    leftOut: needsFault('unavailable'),
    async run(subject) {
      const { ids, outcome, extraCalls, waits } = await readTwice(subject, () => subject.crm.inject({ type: 'unavailable', times: 2 }))
      assert.equal(outcome.error, null)
      assert.deepEqual(outcome.ids, ids)
      assert.equal(extraCalls, 2)
      assertGrowing(waits)
    },
  },
  {
    name: 'a CRM that stays down is offline after a few tries',
    leftOut: needsFault('unavailable'),
    async run(subject) {
      subject.crm.inject({ type: 'unavailable', times: 1_000_000 })
      await rejectsWith(['offline'], () => failedRead(subject))
      assert.ok(subject.crm.calls() <= 12, `${subject.crm.calls()} calls`)
    },
  },
  {
    name: 'a dropped connection is tried again, and is offline in the end',
    leftOut: needsFault('dropped'),
    async run(subject) {
      const { ids, outcome, waits } = await readTwice(subject, () => subject.crm.inject({ type: 'dropped', times: 2 }))
      assert.equal(outcome.error, null)
      assert.deepEqual(outcome.ids, ids)
      assertGrowing(waits)
      subject.crm.inject({ type: 'dropped', times: 1_000_000 })
      await rejectsWith(['offline'], () => failedRead(subject))
    },
  },
  {
    name: 'an answer that is no JSON is never taken for nothing',
    leftOut: needsFault('notJson'),
    async run(subject) {
      const once = await readTwice(subject, () => subject.crm.inject({ type: 'notJson', times: 1 }))
      if (once.outcome.error === null) assert.deepEqual(once.outcome.ids, once.ids)
      subject.crm.inject({ type: 'notJson', times: 1_000_000 })
      await rejectsWith(['data', 'offline'], () => failedRead(subject))
    },
  },
  {
    name: 'a sign-in that ended is an auth error, and is not tried again and again',
    leftOut: needsFault('signedOut'),
    async run(subject) {
      subject.crm.inject({ type: 'signedOut' })
      const error = await rejectsWith(['auth'], () => failedRead(subject))
      assert.ok(error.hint !== undefined, 'says how to renew it')
      assert.ok(subject.crm.calls() <= 3, `${subject.crm.calls()} calls`)
    },
  },
  {
    name: 'a missing scope is named, in check() and when reading',
    leftOut: needsFault('noScope'),
    async run(subject) {
      const kind = mainKind(subject)
      subject.crm.inject({ type: 'noScope', kind })
      const check = await subject.open().check()
      const named = check.kinds.find((entry) => entry.kind === kind)
      assert.equal(named?.readable, false, `check() says that ${kind} is readable`)
      assert.ok((named?.why ?? '') !== '', 'check() does not say why')
      assert.ok(check.missing.length > 0 && check.missing.every(({ what, hint }) => what !== '' && hint !== ''), 'check().missing is empty')
      const error = await rejectsWith(['config', 'auth'], () => failedRead(subject))
      const words = `${error.message} ${error.hint ?? ''}`
      assert.ok(
        check.missing.some(({ what }) => words.includes(what.replace(/^scope /, ''))),
        `the error does not name what is missing: ${words}`,
      )
    },
  },
  {
    name: 'a field without read permission is named in check()',
    leftOut: (_, crm) => (crm.hideField === undefined ? 'the stand-in cannot hide a field' : null),
    async run(subject) {
      const kind = mainKind(subject)
      const all = (await subject.open().check()).kinds.find((entry) => entry.kind === kind)
      const name = subject.crm.hideField?.(kind)
      assert.equal(all?.fields.find((field) => field.name === name)?.readable, true, `${name} was readable before it was hidden`)
      const check = await subject.open().check()
      const field = check.kinds.find((entry) => entry.kind === kind)?.fields.find((entry) => entry.name === name)
      assert.equal(field?.readable, false, `check() does not say that ${name} is unreadable`)
      assert.ok((field?.why ?? '') !== '', 'check() does not say why')
    },
  },
  {
    name: 'check() names every field of reads() and every kind, and reads no record',
    leftOut: always,
    async run(subject) {
      const session = subject.open()
      const check = await session.check()
      assert.ok(check.signedInAs !== '' && check.account !== '')
      for (const [kind, names] of Object.entries(session.reads())) {
        const entries = check.kinds.filter((entry) => entry.kind === kind)
        assert.ok(entries.length > 0, `check() says nothing about ${kind}`)
        const known = new Set(entries.flatMap((entry) => entry.fields.map((field) => field.name)))
        const silent = entries.every((entry) => entry.readable) ? names.filter((name) => !known.has(name)) : []
        assert.deepEqual(silent, [], `check() says nothing about these fields of ${kind}`)
      }
    },
  },
  {
    name: 'asks the ledger for every call, and makes none that it refuses',
    leftOut: always,
    async run(subject) {
      const kind = mainKind(subject)
      await subject.crm.create(kind, 5)
      const session = subject.open()
      await session.check()
      await readAll(session, kind, null)
      assert.ok(subject.crm.calls() > 0)
      assert.equal(subject.host.ledger.taken, subject.crm.calls())
      subject.host.ledger.allowance = subject.host.ledger.taken
      await rejectsWith(['limit'], () => failedRead(subject))
      assert.equal(subject.crm.calls(), subject.host.ledger.taken, 'a call was made that the ledger had refused')
    },
  },
  {
    name: 'stops between pages when told to',
    leftOut: always,
    async run(subject) {
      const kind = mainKind(subject)
      await subject.crm.create(kind, subject.crm.severalPages)
      const pages = subject.open().read(kind, null)[Symbol.asyncIterator]()
      await pages.next()
      subject.host.abort()
      await assert.rejects(pages.next(), 'a page came after the stop')
    },
  },
  {
    name: 'stops in the middle of a call when told to',
    leftOut: needsFault('silence'),
    async run(subject) {
      subject.crm.inject({ type: 'silence' })
      const before = subject.host.ledger.taken
      const reading = failedRead(subject)
      const stop = async () => {
        while (subject.host.ledger.taken === before) await new Promise(setImmediate)
        subject.host.abort()
      }
      await Promise.all([stop(), assert.rejects(endsSoon(reading, 'a read that was told to stop'), notTheGuard)])
    },
  },
  {
    name: 'no token or secret in any log line, error or answer',
    leftOut: always,
    async run(subject) {
      const kind = mainKind(subject)
      await subject.crm.create(kind, 3)
      const said: unknown[] = []
      const hear = async (work: () => Promise<unknown>) => {
        try {
          said.push(await work())
        } catch (error) {
          said.push(error instanceof Error ? [error.message, error.stack, error.cause, Object.values(error)] : error)
        }
      }
      await hear(() => subject.open().check())
      await hear(() => failedRead(subject))
      for (const type of ['unavailable', 'dropped', 'notJson'] as const) {
        if (!subject.crm.faults.includes(type)) continue
        subject.crm.inject({ type, times: 3 })
        await hear(() => failedRead(subject))
      }
      if (subject.crm.faults.includes('signedOut')) {
        subject.crm.inject({ type: 'signedOut' })
        await hear(() => failedRead(subject))
        await hear(() => subject.open().check())
      }
      const texts = [subject.host.lines, said].map((heard) =>
        JSON.stringify(heard, (_, value: unknown) => (value instanceof Error ? `${value.message} ${value.stack}` : value)),
      )
      for (const secret of subject.secrets) {
        for (const text of texts) assert.ok(!text.includes(secret), 'a secret was told')
      }
    },
  },
]
