import { AssayError } from '@assay/shared'

const CODES: Readonly<Record<number, { hint: string }>> = {
  81: { hint: 'Create the database, or let the user create it.' },
  170: { hint: 'CLICKHOUSE_CLUSTER must name a cluster of remote_servers in the configuration of the server.' },
  192: { hint: 'Check the user in CLICKHOUSE_URL.' },
  193: { hint: 'Check the password in CLICKHOUSE_URL.' },
  194: { hint: 'CLICKHOUSE_URL needs a password.' },
  243: { hint: 'Make room on its disk and run the command again: what was done is kept.' },
  497: { hint: 'Grant that right to the user in CLICKHOUSE_URL.' },
  701: { hint: 'CLICKHOUSE_CLUSTER must name a cluster of remote_servers in the configuration of the server.' },
  516: { hint: 'Check user and password in CLICKHOUSE_URL.' },
}
/** What it says of files whose content is not what it wrote: cut, overwritten, or more broken parts than it would put aside. */
const UNREADABLE: ReadonlySet<number> = new Set([33, 40, 74, 76, 79, 226, 228, 231, 246, 271, 432])
const UNREACHABLE = /ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ECONNRESET|EHOSTUNREACH|ETIMEDOUT|EPIPE|socket hang up|Timeout error/i

/** What went wrong in ClickHouse, in our words: who caused it decides the kind. Never prints what stands before an @ in a URL. */
export function storeError(cause: unknown, where: string): unknown {
  if (cause instanceof AssayError) return cause
  const text = chainText(cause)
  const code = Number(/Code: (\d+)/.exec(text)?.[1] ?? (cause as { code?: unknown }).code)
  const known = CODES[code]
  const message = firstLine(text)
  if (known !== undefined) return new AssayError('config', `${where}: ${message}`, known)
  if (/Replicated DDL|ZooKeeper/i.test(text)) {
    return new AssayError('config', `${where}: ${message}`, {
      hint: 'Statements for a whole cluster need a Keeper; without one, give CLICKHOUSE_URL the URLs of all nodes, separated by commas.',
    })
  }
  if (UNREADABLE.has(code) && /while reading|part/i.test(text)) {
    return new AssayError('config', `${where}: its files are damaged: ${message}`, {
      hint: 'Put a backup of the store back. Without one, move it out of the way (embedded: the folder mining in ASSAY_HOME) and run assay sync: everything is read anew.',
    })
  }
  if (UNREACHABLE.test(text)) {
    return new AssayError('offline', `${where} does not answer`, { hint: 'Is the server running, and does CLICKHOUSE_URL point at it?' })
  }
  if (code === 241) {
    return new AssayError('config', `${where}: out of memory: ${message}`, {
      hint: 'Give the store more memory, or mine fewer records at once.',
    })
  }
  if (Number.isNaN(code) && /^\s*[<{]/.test(message)) {
    return new AssayError('config', `${where} is no ClickHouse: it answers ${message.slice(0, 100)}`, {
      hint: 'CLICKHOUSE_URL wants the HTTP port of a ClickHouse server, 8123 if nobody changed it.',
    })
  }
  return new Error(`${where}: ${message}`, { cause: new Error(withoutCredentials(text)) })
}

/** `https://user:secret@host` → `https://host`. */
export const withoutCredentials = (text: string): string => text.replace(/(\w+:\/\/)[^/\s@]*@/g, '$1')

function firstLine(text: string): string {
  const line = withoutCredentials(text).split('\n')[0] ?? ''
  return line.length > 600 ? `${line.slice(0, 600)}…` : line
}

function chainText(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause)
  const code = (cause as { code?: unknown }).code
  const parts = [cause.message, typeof code === 'string' && /^[A-Z]/.test(code) ? code : '']
  if (cause.cause !== undefined) parts.push(chainText(cause.cause))
  return parts.filter((part) => part !== '').join('\n')
}
