/**
 * The texts that a person sees inside, one for each piece of text, in the order in which they stand; what matches `leftOut` is passed
 * over. Runs in the page and knows nothing else. It walks the tree as it is drawn: shadow roots, real or made by LWC, and their slots.
 */
export function textsIn({ inside, leftOut }: { readonly inside: string; readonly leftOut: readonly string[] }): string[] {
  const found: string[] = []
  const childrenOf = (node: Node): readonly Node[] => {
    if (node instanceof Element && node.shadowRoot !== null) return [...node.shadowRoot.childNodes]
    const given = node instanceof HTMLSlotElement ? node.assignedNodes({ flatten: true }) : []
    return given.length > 0 ? given : [...node.childNodes]
  }
  const read = (node: Node, parent: Element | null): void => {
    if (node instanceof Element && leftOut.some((selector) => node.matches(selector))) return
    if (node.nodeType === Node.TEXT_NODE) {
      const text = (node.textContent ?? '').replace(/\s+/g, ' ').trim()
      if (text !== '' && parent?.checkVisibility({ visibilityProperty: true }) === true) found.push(text)
      return
    }
    for (const child of childrenOf(node)) read(child, node instanceof Element ? node : parent)
  }
  for (const element of document.querySelectorAll(inside)) read(element, element)
  return found
}

const ENTRY = /^\s*- (heading|button|group|list|listitem|table|term|definition)(?: "((?:[^"\\]|\\.)*)")?((?: \[[^\]]*\])*)/

/** Roles with their accessible names from Playwright's account of the accessibility tree. The level of a heading is the host's business. */
export const namesIn = (snapshot: string): readonly string[] =>
  snapshot.split('\n').flatMap((line) => {
    const [, role, name, state = ''] = ENTRY.exec(line) ?? []
    return role === undefined ? [] : [`${role} ${name ?? ''}${state.includes('pressed') ? ' (pressed)' : ''}`]
  })
