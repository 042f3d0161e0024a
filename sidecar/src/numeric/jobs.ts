import type { Job } from '@assay/shared'
import { boostingJobs } from './boosting/grow.ts'
import { kMeansJobs } from './k-means.ts'

/** All work that threads may be asked to do, by name. */
export const JOBS: ReadonlyMap<string, Job<never>> = new Map([...kMeansJobs, ...boostingJobs].map((job) => [job.name, job]))
