/** String.hashCode of Java: a signed number of 32 bits. */
export function javaHash(text: string): number {
  let hash = 0
  for (let index = 0; index < text.length; index++) hash = (31 * hash + text.charCodeAt(index)) | 0
  return hash
}
