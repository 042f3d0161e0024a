/** One kind of work that falls into parts: none needs what another writes, so that it leaves no trace who did which, and when. */
export interface Job<Memory extends object> {
  /** Threads know it by this name. */
  readonly name: string
  part(memory: Memory, part: number): void
}

/** Threads that have the memory of a piece of work before them. */
export interface Work<Memory extends object> {
  /** Does parts 0 to `parts` - 1 of a job; returns when all are done. */
  run(job: Job<Memory>, parts: number): void
  /** The threads forget the memory. */
  end(): void
}

/** Threads that do parts of one piece of work at a time. Handed in, because a miner knows no process. */
export interface Parallel {
  /** How many work, the caller's among them. */
  readonly threads: number
  /** Arrays that parts write must lie in shared memory; everything else in `memory` is copied, once. */
  begin<Memory extends object>(memory: Memory): Work<Memory>
}

/** The caller does everything. */
export const alone: Parallel = {
  threads: 1,
  begin: (memory) => ({
    run(job, parts) {
      for (let part = 0; part < parts; part++) job.part(memory, part)
    },
    end() {},
  }),
}
