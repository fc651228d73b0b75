import { createHash } from 'node:crypto'
import { transform } from 'esbuild'

/**
 * A hash of what a text says to the compiler: comments, blanks, line ends and types make no difference. Equal hashes say
 * that two texts are the same, and nothing about how that came about.
 */
export async function codeHash(text: string): Promise<string> {
  const lines = text.replaceAll('\r\n', '\n')
  const said = await transform(lines, { loader: 'ts', minifyWhitespace: true, legalComments: 'none' })
    .then(({ code }) => code)
    // What does not compile is compared letter by letter, without its blanks.
    .catch(() => lines.replace(/\s+/g, ''))
  return createHash('sha256').update(said).digest('hex').slice(0, 16)
}
