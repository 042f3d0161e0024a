import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Why no real server can be started on this platform; null where one can. */
export const unavailable: string | null = ['linux', 'darwin'].includes(process.platform)
  ? null
  : `no ClickHouse server for ${process.platform}: tests against one server and two shards are left out`

export interface TestServer {
  /** One URL, or one for each shard, separated by commas. */
  readonly url: string
  close(): Promise<void>
}

/** A real ClickHouse server with an empty data directory, over HTTP on a free port of this machine. */
export async function startServer(): Promise<TestServer> {
  const directory = await mkdtemp(join(tmpdir(), 'assay-clickhouse-'))
  const server = await started(directory, await freePorts(2), null)
  return { url: server.url, close: () => closed([server], directory) }
}

/** Two shards without replicas, each a process of its own; either can be asked. */
export async function startCluster(): Promise<TestServer & { readonly cluster: string }> {
  const directory = await mkdtemp(join(tmpdir(), 'assay-clickhouse-'))
  const cluster = 'assay_test'
  const [http1, tcp1, http2, tcp2] = await freePorts(4)
  const config = join(directory, 'cluster.xml')
  const shards = [tcp1, tcp2].map((port) => `<shard><replica><host>127.0.0.1</host><port>${port}</port></replica></shard>`)
  await writeFile(config, `<clickhouse><remote_servers><${cluster}>${shards.join('')}</${cluster}></remote_servers></clickhouse>`)
  const servers = await Promise.all([
    started(join(directory, 'one'), [http1!, tcp1!], config),
    started(join(directory, 'two'), [http2!, tcp2!], config),
  ])
  return { url: servers.map((server) => server.url).join(','), cluster, close: () => closed(servers, directory) }
}

interface Running {
  readonly url: string
  readonly child: ChildProcess
}

async function started(path: string, [http, tcp]: readonly number[], config: string | null): Promise<Running> {
  const listen = 'SYSTEM START LISTEN HTTP; SYSTEM START LISTEN TCP'
  const stay = 'SELECT sleepEachRow(3) FROM numbers(1000000) SETTINGS max_block_size = 1 FORMAT Null'
  const args = [
    fileURLToPath(new URL('serve.ts', import.meta.url)),
    `--path=${path}`,
    `--http_port=${http}`,
    `--tcp_port=${tcp}`,
    '--listen_host=127.0.0.1',
    ...(config === null ? [] : [`--config-file=${config}`]),
    `--query=${listen}; ${stay}`,
  ]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe', 'pipe'] })
  let complaint = ''
  child.stderr?.on('data', (data: Buffer) => (complaint = (complaint + data.toString()).slice(-4000)))
  const url = `http://127.0.0.1:${http}`
  for (let attempt = 0; attempt < 300; attempt++) {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error(`the ClickHouse server ended: ${complaint}`)
    if (await answers(url)) return { url, child }
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  child.kill('SIGKILL')
  throw new Error(`the ClickHouse server did not answer within 30 s: ${complaint}`)
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/ping`)).ok
  } catch {
    return false
  }
}

async function closed(servers: readonly Running[], directory: string): Promise<void> {
  for (const { child } of servers) {
    if (child.exitCode !== null || child.signalCode !== null) continue
    const gone = once(child, 'exit')
    child.kill('SIGKILL')
    await gone
  }
  await rm(directory, { recursive: true, force: true })
}

/** Ports that nobody listens on just now. */
async function freePorts(count: number): Promise<number[]> {
  const probes = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'))
  await Promise.all(probes.map((probe) => once(probe, 'listening')))
  const ports = probes.map((probe) => {
    const address = probe.address()
    return typeof address === 'object' && address !== null ? address.port : 0
  })
  await Promise.all(probes.map((probe) => once(probe.close(), 'close')))
  return ports
}
