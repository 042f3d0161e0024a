import { AssayError, type Log, sayIssues, wording } from '@assay/shared'
import type { Line } from '../api/line.ts'
import type { Operation, Tell } from '../api/operation.ts'
import { openApp } from '../app.ts'
import type { Config } from '../config.ts'
import { isOwnership, takeOwnership, type Endpoint } from '../control/index.ts'

export interface Call {
  readonly config: Config
  readonly log: Log
  readonly tell: Tell
  readonly signal: AbortSignal
}

/**
 * Does it here when the data directory is free, or asks the `assay serve` that owns it. The embedded engines belong
 * to one process; two on one directory would lose rows.
 */
export async function perform<I, O>(operation: Operation<I, O>, input: unknown, call: Call): Promise<O> {
  const parsed = operation.input.safeParse(input, { error: wording({ show: true }) })
  if (!parsed.success)
    throw new AssayError('config', `That is not understood: ${sayIssues(parsed.error, operation.name)}.`, {
      hint: 'assay COMMAND --help shows an example.',
    })
  const embedded = call.config.clickhouseUrl === null || call.config.databaseUrl === null
  const ownership = embedded ? await takeOwnership(call.config.home) : null
  if (ownership !== null && !isOwnership(ownership)) {
    const { pid, endpoint } = ownership.heldBy
    if (endpoint) return askOwner<O>(endpoint, operation.name, parsed.data, call)
    throw new AssayError('config', `Another assay command is working on ${call.config.home}${pid === null ? '' : ` (process ${pid})`}.`, {
      hint: 'Wait until it has ended, or start "assay serve", which any number of commands may ask.',
    })
  }
  try {
    const app = await openApp(call.config, call.log, ownership)
    try {
      return await operation.run(app, parsed.data, call.tell, call.signal)
    } finally {
      await app.close()
    }
  } finally {
    await ownership?.release()
  }
}

async function askOwner<O>(endpoint: Endpoint, name: string, input: unknown, call: Call): Promise<O> {
  const response = await fetch(`${endpoint.url}/api/operations/${name}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${endpoint.token}`, 'content-type': 'application/json' },
    body: JSON.stringify(input),
    signal: call.signal,
  }).catch((cause: unknown) => {
    call.signal.throwIfAborted()
    throw new AssayError('offline', 'The running assay serve does not answer.', {
      hint: 'Look at its log, or end it and run the command again.',
      cause,
    })
  })
  if (!response.ok || response.body === null)
    throw new AssayError('config', `The running assay serve refused ${name} (${response.status}).`, {
      hint: 'Restart assay serve: it may be of another version.',
    })
  const brokeOff = (cause?: unknown): AssayError => {
    // Ctrl-C breaks the answer off as well, and is no failure of the owner.
    call.signal.throwIfAborted()
    return new AssayError('offline', `The running assay serve broke off during ${name}.`, {
      hint: 'What was done is kept; run the command again.',
      cause,
    })
  }
  const answer = response.body.pipeThrough(new TextDecoderStream()).getReader()
  let rest = ''
  for (;;) {
    const { done, value } = await answer.read().catch((cause: unknown) => {
      throw brokeOff(cause)
    })
    if (done) throw brokeOff()
    const lines = (rest + value).split('\n')
    rest = lines.pop() ?? ''
    for (const text of lines) {
      if (text === '') continue
      const line = JSON.parse(text) as Line
      if ('progress' in line) call.tell(line.progress)
      else if ('result' in line) return line.result as O
      else if (line.error.kind === null) throw new Error(line.error.message)
      else throw new AssayError(line.error.kind, line.error.message, { hint: line.error.hint })
    }
  }
}
