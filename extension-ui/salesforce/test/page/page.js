// Lightning Experience draws every component in synthetic shadow: it must be there before the first one.
import '@lwc/synthetic-shadow'
import { createElement } from 'lwc'
import AssayPanel from 'c/assayPanel'

/** Puts one panel on the page, as a record page would: `record` has recordId and objectApiName, and what an admin set. */
window.mountPanel = (record) => {
  const panel = createElement('c-assay-panel', { is: AssayPanel })
  Object.assign(panel, record)
  document.querySelector('main').replaceChildren(panel)
}
