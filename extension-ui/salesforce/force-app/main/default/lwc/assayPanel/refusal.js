// @ts-check

/**
 * What Salesforce said, taken apart: an error of lightning/uiRecordApi, or anything else that was thrown.
 * @param {any} error
 * @returns {{ status: number, text: string }}
 */
export function refusalOf(error) {
  const body = error?.body ?? error
  const status = Number(error?.status ?? body?.statusCode ?? 0)
  // The reasons of a refused save stand per record and per field; the message on top of them says only that there are some.
  const perField = Object.values(body?.output?.fieldErrors ?? {}).flat()
  const said = [...(body?.output?.errors ?? []), ...perField].map((/** @type {any} */ one) => one?.message)
  const onTop = Array.isArray(body) ? body.map((/** @type {any} */ one) => one?.message) : [body?.message]
  const texts = [...new Set((said.length > 0 ? said : onTop).filter((text) => typeof text === 'string' && text !== ''))]
  return { status, text: texts.join(' ') }
}

/** Somebody else saved the record after it was read. */
export const isConflict = (/** @type {{ status: number }} */ { status }) => status === 409 || status === 412

/** The record is not there for this viewer: no right to it, or deleted. */
export const isOutOfReach = (/** @type {{ status: number }} */ { status }) => status === 403 || status === 404
