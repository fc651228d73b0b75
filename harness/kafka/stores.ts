/** What a file or a text with keys and certificates is, by its first bytes. */
export function storeKind(bytes: Buffer): 'PEM' | 'PKCS12' | 'JKS' | null {
  if (bytes.includes('-----BEGIN ')) return 'PEM'
  const magic = bytes.length >= 4 ? bytes.readUInt32BE(0) : 0
  if (magic === 0xfeedfeed || magic === 0xcececece) return 'JKS'
  // PKCS #12 is one SEQUENCE of ASN.1.
  return bytes[0] === 0x30 ? 'PKCS12' : null
}

const BLOCK = /-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \1-----/gs

/**
 * The certificates and the keys of a PEM text. In a `.properties` file a value may have lost its line ends, which OpenSSL wants
 * and Kafka does not.
 */
export function readPem(text: string): { certificates: string; keys: string } {
  const blocks = [...text.matchAll(BLOCK)].map(([, label = '', body = '']) => {
    const lines = body.includes(':') ? body.trim() : body.replace(/\s+/g, '').replace(/(.{64})(?=.)/g, '$1\n')
    return { label, pem: `-----BEGIN ${label}-----\n${lines}\n-----END ${label}-----\n` }
  })
  const of = (kind: RegExp) =>
    blocks
      .filter(({ label }) => kind.test(label))
      .map(({ pem }) => pem)
      .join('')
  return { certificates: of(/CERTIFICATE$/), keys: of(/PRIVATE KEY$/) }
}
