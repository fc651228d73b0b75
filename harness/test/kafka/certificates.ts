import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** `ca.pem` signed all others; `node`, `expired`, `client` and `other` are key and certificate in one; `client.p12` opens with `open`. */
export function certificateFile(name: string): string {
  return fileURLToPath(new URL(`certificates/${name}`, import.meta.url))
}

export function certificate(name: string): string {
  return readFileSync(certificateFile(name), 'utf8')
}
