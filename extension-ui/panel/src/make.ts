/** An element with text and children. Nothing is ever parsed as HTML: what a field holds stays text. */
export function make(
  tag: string,
  attributes: Readonly<Record<string, string>> = {},
  ...children: readonly (Node | string | null)[]
): HTMLElement {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value)
  for (const child of children) if (child !== null && child !== '') element.append(child)
  return element
}

/** Text from a field: its own writing direction, kept apart from the text around it. */
export const field = (tag: string, text: string, attributes: Readonly<Record<string, string>> = {}): HTMLElement =>
  make(tag, { dir: 'auto', ...attributes }, text)

/** An SVG shape that a screen reader passes over. */
export function makeShape(tag: string, attributes: Readonly<Record<string, string>>, ...children: readonly Node[]): SVGElement {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag)
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value)
  element.append(...children)
  return element
}
