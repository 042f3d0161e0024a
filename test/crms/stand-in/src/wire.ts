import type { IncomingMessage, ServerResponse } from 'node:http'

/** What of a fault concerns the wire; of any other kind nothing does. */
interface Disturbance {
  /** `slow`: the answer comes late; `drop`: the connection breaks. */
  readonly kind: string
  /** Real milliseconds. */
  readonly ms?: number
  /** Before anything is done (what is slow without saying when is so too), after the work but before the answer, or in the middle of the answer. */
  readonly when?: 'before' | 'after' | 'inBody'
}

export async function bytesOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

/** Does what a fault does before the work. Tells whether there is still a connection. */
export async function isKept(request: IncomingMessage, fault: Disturbance | null): Promise<boolean> {
  if (fault?.kind === 'drop' && fault.when === 'before') {
    request.socket.destroy()
    return false
  }
  if (fault?.kind === 'slow' && fault.when !== 'inBody') await new Promise((resolve) => setTimeout(resolve, fault.ms))
  return true
}

interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | number>>
  readonly bytes: Buffer
}

/** Sends the answer, or as much of it as the fault lets through. */
export function send(response: ServerResponse, { status, headers, bytes }: Answer, fault: Disturbance | null): void {
  if (response.destroyed) return
  if (fault?.kind === 'drop' && fault.when === 'after') {
    response.socket?.destroy()
    return
  }
  response.writeHead(status, headers)
  const half = bytes.length >> 1
  if (fault?.kind === 'drop') {
    response.write(bytes.subarray(0, half), () => response.socket?.destroy())
    return
  }
  if (fault?.kind === 'slow' && fault.when === 'inBody') {
    response.write(bytes.subarray(0, half))
    setTimeout(() => response.end(bytes.subarray(half)), fault.ms)
    return
  }
  response.end(bytes)
}
