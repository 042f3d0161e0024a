import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads'
import { JOBS } from '../../numeric/jobs.ts'
import { type Message, PLACE, takeParts } from './parallel.ts'

const signal = workerData as Int32Array
const jobs = [...JOBS.values()]
const memories = new Map<number, object>()

function readMessages(): void {
  for (let held = receiveMessageOnPort(parentPort!); held !== undefined; held = receiveMessageOnPort(parentPort!)) {
    const message = held.message as Message
    if ('ended' in message) memories.delete(message.ended)
    else memories.set(message.work, message.memory)
  }
}

/** What it works on it reads only once it has taken a part: before that the caller may still be writing it down. */
function help(): void {
  Atomics.add(signal, PLACE.inside, 1)
  takeParts(signal, (part) => {
    try {
      readMessages()
      jobs[signal[PLACE.job]!]!.part(memories.get(signal[PLACE.work]!) as never, part)
    } catch (error) {
      console.error(error)
      Atomics.store(signal, PLACE.failed, 1)
    }
  })
  Atomics.sub(signal, PLACE.inside, 1)
  Atomics.notify(signal, PLACE.inside)
}

for (let seen = 0; ; help()) {
  Atomics.wait(signal, PLACE.generation, seen)
  seen = Atomics.load(signal, PLACE.generation)
}
