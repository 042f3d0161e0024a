// A process of its own for jobs.test.ts: takes the sync of connection "c", says so, and never finishes it.
import { openControl, openJobs } from '../../src/control/index.ts'

// Ends with the process that started it, whatever becomes of that one.
process.stdin.on('close', () => process.exit()).resume()

const [home, url] = [process.argv[2]!, process.argv[3] || null]
const control = await openControl({ home, organisation: 'acme', databaseUrl: url })
await control.migrate()
const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined }
const jobs = openJobs(control, { log: quiet, pollSeconds: 0.5, heartbeatSeconds: 10, superviseSeconds: 1, retrySeconds: 1 })
await jobs.start()
const never = () => new Promise<void>(() => undefined)
await jobs.work({
  sync: ({ connection }) => {
    process.stdout.write(`${JSON.stringify(connection)}\n`)
    return never()
  },
  mine: never,
  publish: never,
  alert: never,
})
await jobs.enqueue('run', { connection: 'c' })
