/** HTML that is safe to put into a page as it is. */
export interface Markup {
  readonly html: string
}

type Part = Markup | string | number | null | false | readonly (Markup | string | number | null | false)[]

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll("'", '&#39;')

function said(part: Part): string {
  if (part === null || part === false) return ''
  if (typeof part === 'string') return escaped(part)
  if (typeof part === 'number') return String(part)
  return 'html' in part ? part.html : part.map(said).join('')
}

/** A template whose texts are escaped and whose markup is not. Nothing is said for null and false. */
export const html = (strings: TemplateStringsArray, ...parts: readonly Part[]): Markup => ({
  html: strings.map((text, i) => text + (i < parts.length ? said(parts[i]!) : '')).join(''),
})

export const NOTHING: Markup = { html: '' }
