/** For what is heard and not seen: the page around the dashlet may forbid style elements, never the properties of one element. */
export const HEARD: Partial<CSSStyleDeclaration> = {
  position: 'absolute',
  width: '1px',
  height: '1px',
  margin: '-1px',
  overflow: 'hidden',
  clipPath: 'inset(50%)',
  whiteSpace: 'nowrap',
}

/** The scheme that Sugar's user chose, whatever the system prefers; null where Sugar does not say. */
export function schemeOf(body: HTMLElement): 'light' | 'dark' | null {
  if (body.classList.contains('sugar-dark-theme')) return 'dark'
  return body.classList.contains('sugar-light-theme') ? 'light' : null
}

/** Keeps the panels inside in the scheme of the page until it is called off. */
export function followScheme(content: HTMLElement): () => void {
  const observer = new MutationObserver(() => {
    const scheme = schemeOf(document.body)
    for (const panel of content.querySelectorAll('assay-panel')) {
      if (scheme === null) panel.removeAttribute('scheme')
      else panel.setAttribute('scheme', scheme)
    }
  })
  observer.observe(document.body, { attributes: true, attributeFilter: ['class'] })
  return () => observer.disconnect()
}
