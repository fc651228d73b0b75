import type { Block, Cell, Inline } from '../../markdown/content.ts'
import type { QuestionBase } from '../question.ts'
import { element, escaped } from './xml.ts'

/** XHTML, of the few elements that both QTI 2.1 and Moodle know. */
export function blocksToHtml(blocks: readonly Block[]): string {
  return blocks.map(blockToHtml).join('')
}

export function inlinesToHtml(of: readonly Inline[]): string {
  return of.map(inlineToHtml).join('')
}

/** The explanation, and where one can read it. */
export function explanationToHtml({ explanation, source }: QuestionBase): string {
  const said = blocksToHtml(explanation)
  return source ? said + element('p', {}, `Source: ${inlinesToHtml(source)}`) : said
}

function blockToHtml(block: Block): string {
  switch (block.kind) {
    case 'heading':
      return element('p', {}, element('strong', {}, inlinesToHtml(block.of)))
    case 'paragraph':
      return element('p', {}, inlinesToHtml(block.of))
    case 'code':
      return element('pre', {}, element('code', {}, escaped(block.text)))
    case 'quote':
      return element('blockquote', {}, blocksToHtml(block.of))
    case 'list':
      return element(
        block.isOrdered ? 'ol' : 'ul',
        {},
        ...block.items.map(({ of }) => element('li', {}, blocksToHtml(of))),
      )
    case 'table':
      // Without a thead, as a tbody must have a row and the table may have none but its head.
      return element('table', {}, element('tbody', {}, row('th', block.head), ...block.rows.map(bodyRow)))
    case 'comment':
    case 'fold':
      return ''
  }
}

function bodyRow(cells: readonly Cell[]): string {
  return row('td', cells)
}

function row(name: 'th' | 'td', cells: readonly Cell[]): string {
  return element('tr', {}, ...cells.map(({ of }) => element(name, {}, inlinesToHtml(of))))
}

function inlineToHtml(inline: Inline): string {
  switch (inline.kind) {
    case 'text':
      return escaped(inline.text)
    case 'code':
      return element('code', {}, escaped(inline.text))
    case 'strong':
      return element('strong', {}, inlinesToHtml(inline.of))
    case 'emphasis':
      return element('em', {}, inlinesToHtml(inline.of))
    case 'link':
      return element('a', { href: inline.address }, inlinesToHtml(inline.of))
    case 'picture':
      return escaped(inline.alt)
    case 'break':
      return element('br', {})
    case 'comment':
      return ''
  }
}
