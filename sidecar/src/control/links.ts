import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import type { Control } from './control.ts'
import type { Scope } from './scope.ts'

const KEY_BYTES = 32
const KEY_NAME = 'link-key'
const payload = z.tuple([z.string(), z.string(), z.enum(['account', 'contact', 'deal']), z.string(), z.number(), z.boolean()])

/** `<payload>.<HMAC-SHA256>`, both base64url. What is signed names the organisation, so that no link opens another one's page. */
export function links({ database, organisation, vault }: Scope): Control['links'] {
  const about = `secret/${organisation}/${KEY_NAME}`
  const key = async (): Promise<Buffer> => {
    // Two processes may both be first: one row wins, both read it.
    await database.query('insert into assay.secret (org_id, name, sealed) values ($1, $2, $3) on conflict (org_id, name) do nothing', [
      organisation,
      KEY_NAME,
      vault.seal(randomBytes(KEY_BYTES).toString('base64'), about),
    ])
    const rows = await database.query<{ sealed: string }>('select sealed from assay.secret where org_id = $1 and name = $2', [
      organisation,
      KEY_NAME,
    ])
    return Buffer.from(vault.open(rows[0]!.sealed, about), 'base64')
  }
  let kept: Promise<Buffer> | null = null
  const signature = async (body: string): Promise<string> => {
    kept ??= key().catch((error: unknown) => {
      kept = null
      throw error
    })
    return createHmac('sha256', await kept)
      .update(body)
      .digest('base64url')
  }

  // No body of a link starts like this: base64url has no blank.
  const answerKey = (token: string): Promise<string> => signature(`answer ${token}`)

  return {
    async sign({ connection, object, id, expiresAt, answers = false }) {
      const body = Buffer.from(JSON.stringify([organisation, connection, object, id, expiresAt, answers])).toString('base64url')
      return `${body}.${await signature(body)}`
    },
    async verify(token, now) {
      const [body = '', claimed = '', ...more] = token.split('.')
      if (more.length > 0 || !same(claimed, await signature(body))) return null
      const read = payload.safeParse(JSON.parse(Buffer.from(body, 'base64url').toString('utf8')))
      if (!read.success) return null
      const [whose, connection, object, id, expiresAt, answers] = read.data
      return whose === organisation && now < expiresAt ? { connection, object, id, answers } : null
    },
    answerKey,
    isAnswerKey: async (token, given) => same(given, await answerKey(token)),
  }
}

/** Compared as text: decoded, several texts would be the same signature. */
function same(claimed: string, signature: string): boolean {
  const given = Buffer.from(claimed)
  const expected = Buffer.from(signature)
  return given.length === expected.length && timingSafeEqual(given, expected)
}
