/** The one login module of a `sasl.jaas.config`. */
export interface LoginModule {
  /** Without its package: `PlainLoginModule`. */
  name: string
  options: Map<string, string>
}

/** A quoted value, a word, or one of the two signs. */
const TOKEN = /"((?:\\.|[^"\\])*)"|([^\s=;"]+)|([=;])|(\S)/gs

/**
 * Reads a `sasl.jaas.config`: `package.PlainLoginModule required username="a" password="b";`. Null when it is not written so, or
 * names several modules (Kafka's JaasConfig takes one).
 */
export function parseJaas(text: string): LoginModule | null {
  const tokens = [...text.matchAll(TOKEN)].map(([, quoted, word, sign, wrong]) => ({
    text: quoted === undefined ? (word ?? sign ?? wrong ?? '') : quoted.replace(/\\(.)/gs, '$1'),
    isSign: sign !== undefined || wrong !== undefined,
  }))
  const [name, flag, ...rest] = tokens
  const end = rest.pop()
  if (!name || !flag || name.isSign || flag.isSign || !end?.isSign || end.text !== ';') return null
  const options = new Map<string, string>()
  for (let index = 0; index < rest.length; index += 3) {
    const [key, equals, value] = rest.slice(index, index + 3)
    if (!key || key.isSign || !equals?.isSign || equals.text !== '=' || !value || value.isSign) return null
    options.set(key.text, value.text)
  }
  return { name: name.text.slice(name.text.lastIndexOf('.') + 1), options }
}
