import { createRequire } from 'node:module'
import { Worker } from 'node:worker_threads'
import { DataType, load, open } from 'ffi-rs'

/*
 * Runs `clickhouse local` out of libchdb inside this process, which does nothing else and never comes back: its arguments are
 * those of the server. A thread waits for the end of the fourth file, which comes when the parent closes it or dies.
 */
const watch = new Worker(
  `const { readSync } = require('node:fs')
  try { while (readSync(3, Buffer.alloc(16)) > 0); } catch {}
  process.kill(process.pid, 'SIGKILL')`,
  { eval: true },
)

const resolve = createRequire(createRequire(import.meta.url).resolve('chdb')).resolve
const path = resolve(`@chdb/lib-${process.platform}-${process.arch}${process.platform === 'linux' ? '-gnu' : ''}/libchdb.so`)
const args = ['clickhouse', ...process.argv.slice(2)]
// This thread will never listen again, so the watch must be up before.
watch.once('online', () => {
  open({ library: 'chdb', path })
  load({
    library: 'chdb',
    funcName: 'chdb_query_cmdline',
    retType: DataType.External,
    paramsType: [DataType.I32, DataType.StringArray],
    paramsValue: [args.length, args],
  })
})
