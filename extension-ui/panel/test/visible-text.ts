/**
 * What a person can read inside, in the order in which it stands. Runs in the page (`page.evaluate(visibleText, selector)`), so it
 * knows nothing but the page: the browser's own `innerText` passes over shadow roots.
 */
export function visibleText(selector: string): string {
  const hasRootInside = (element: Element): boolean => element.shadowRoot !== null || [...element.children].some(hasRootInside)
  const read = (node: Node): string => {
    if (!(node instanceof HTMLElement)) return node.nodeType === Node.TEXT_NODE ? (node.textContent ?? '') : ''
    if (node.shadowRoot !== null) return [...node.shadowRoot.childNodes].map(read).join('\n')
    return hasRootInside(node) ? [...node.childNodes].map(read).join('\n') : node.innerText
  }
  return [...document.querySelectorAll(selector)].map(read).join('\n')
}
