import { AssayError, READ_ALL } from '@assay/shared'

/** A cursor of one instance means nothing in another. */
export const wrongInstance = (meant: string, found: string): AssayError =>
  new AssayError('config', `This connection was read from ${meant}, but the settings lead to ${found}.`, {
    hint: `Connect ${found} under a title of its own; or, if it is the same instance under a new address, ${READ_ALL.charAt(0).toLowerCase()}${READ_ALL.slice(1)}`,
  })
