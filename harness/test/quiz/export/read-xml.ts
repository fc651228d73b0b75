/** An element of XML; text between elements is kept as it is. */
export interface XmlElement {
  name: string
  attributes: Record<string, string>
  children: (XmlElement | string)[]
}

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }
const PIECE = /<\/([\w:-]+)\s*>|<([\w:-]+)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>|([^<]+)/y

/** Reads the XML that an export writes, and throws at anything that is not well-formed. */
export function readXml(source: string): XmlElement {
  const text = source.replace(/^<\?xml version="1\.0" encoding="UTF-8"\?>\s*/, '')
  const top: XmlElement = { name: '', attributes: {}, children: [] }
  const open = [top]
  let at = 0
  while (at < text.length) {
    PIECE.lastIndex = at
    const found = PIECE.exec(text)
    if (!found) throw new Error(`no XML: ${text.slice(at, at + 60)}`)
    at = PIECE.lastIndex
    const [, closed, name, attributes = '', isEmpty, words] = found
    const parent = open.at(-1) as XmlElement
    if (words !== undefined) parent.children.push(decoded(words))
    else if (name !== undefined) {
      const element = { name, attributes: attributesOf(attributes), children: [] }
      parent.children.push(element)
      if (isEmpty === '') open.push(element)
    } else if (open.pop()?.name !== closed) throw new Error(`</${closed}> closes nothing`)
  }
  if (open.length !== 1) throw new Error(`<${open.at(-1)?.name}> is not closed`)
  const [root, ...rest] = top.children.filter((child) => typeof child !== 'string' || child.trim() !== '')
  if (typeof root !== 'object' || rest.length > 0) throw new Error('there is one element at the top')
  return root
}

function attributesOf(text: string): Record<string, string> {
  const found = [...text.matchAll(/([\w:-]+)="([^"]*)"/g)]
  const attributes = Object.fromEntries(found.map(([, key, value = '']) => [key, decoded(value)]))
  if (Object.keys(attributes).length < found.length) throw new Error(`an attribute twice: ${text}`)
  return attributes
}

function decoded(text: string): string {
  return text.replace(/&(\w+);|&/g, (whole, name) => {
    const character = ENTITIES[name]
    if (character === undefined) throw new Error(`no entity: ${whole}`)
    return character
  })
}

export function elementsOf({ children }: XmlElement): XmlElement[] {
  return children.filter((child) => typeof child !== 'string')
}

/** All elements of a name, at any depth. */
export function allOf(element: XmlElement, name: string): XmlElement[] {
  const below = elementsOf(element).flatMap((child) => allOf(child, name))
  return element.name === name ? [element, ...below] : below
}

export function textOf({ children }: XmlElement): string {
  return children.map((child) => (typeof child === 'string' ? child : textOf(child))).join('')
}
