/** What XML 1.0 has no way to write, not even as a reference. */
const NO_XML = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** Text for content and for attributes in double quotes. */
export function escaped(text: string): string {
  return text.replace(NO_XML, '\uFFFD').replace(/[&<>"]/g, (one) => ENTITIES[one] as string)
}

export type Attributes = Record<string, string | number | boolean>

/** An element; `children` are XML already, and nothing is put between them. */
export function element(name: string, attributes: Attributes = {}, ...children: string[]): string {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${escaped(`${value}`)}"`)
  const start = `${name}${written.join('')}`
  return children.length === 0 ? `<${start}/>` : `<${start}>${children.join('')}</${name}>`
}
