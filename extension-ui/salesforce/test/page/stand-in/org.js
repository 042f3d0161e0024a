/**
 * What the platform would know. A test fills it in before a panel is there: `records` by id (only fields that the viewer
 * may read are in them), `errors` by id, `slow` ids that never answer, `locked` fields that the viewer may not edit, and
 * `refusal`, with which the next save fails.
 */
export const org = (window.org = { records: {}, errors: {}, slow: [], locked: [], refusal: null, saves: [], held: false, asked: [] })

const listeners = new Set()

/** A wire adapter that asks `answer(config)` and asks again whenever the org changed. Without all of its config it stays silent. */
export function adapter(names, answer) {
  return class {
    constructor(dataCallback) {
      this.tell = () => {
        if (this.config === undefined || names.some((name) => this.config[name] === undefined)) return
        const said = answer(this.config)
        // Never in the same turn: the platform asks a server or a cache.
        if (said !== null) window.setTimeout(() => dataCallback(said), 0)
      }
    }
    connect() {
      listeners.add(this.tell)
    }
    disconnect() {
      listeners.delete(this.tell)
    }
    update(config) {
      this.config = config
      this.tell()
    }
  }
}

export const changed = () => {
  for (const tell of listeners) tell()
}
window.orgChanged = changed
