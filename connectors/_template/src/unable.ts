import { AssayError } from '@assay/shared'

/** What a method rejects with that the capabilities deny. */
export const unable = (what: string): AssayError => new AssayError('config', `This connector cannot ${what}.`)
