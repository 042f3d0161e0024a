export type JobState = 'Open' | 'UploadComplete' | 'InProgress' | 'JobComplete' | 'Failed' | 'Aborted'

/** How long a bulk job takes: so many looks at it, or so long on the clock where that is given. */
export interface JobPace {
  /** Looks at a job until it is complete; one before it is in progress. Default 2. */
  readonly polls: number
  readonly ms: number | null
}

/** The state a job is in when it is looked at for the n-th time, so long after it was handed over. */
export function nextState(state: JobState, polls: number, ageMs: number, pace: JobPace): JobState {
  if (state !== 'UploadComplete' && state !== 'InProgress') return state
  if (pace.ms !== null) {
    if (ageMs >= pace.ms) return 'JobComplete'
    return ageMs * 2 >= pace.ms ? 'InProgress' : 'UploadComplete'
  }
  return polls >= pace.polls ? 'JobComplete' : 'InProgress'
}
