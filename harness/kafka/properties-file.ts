import fs from 'node:fs'
import path from 'node:path'
import { WorkbookError } from '../errors.ts'
import { PropertiesError, parseProperties } from './properties.ts'

/** The entries of one file of client properties. Values are trimmed, as Kafka's ConfigDef does. */
export interface ClientProperties {
  /** Where relative paths in it begin. */
  folder: string
  keys: string[]
  /** The value of `key`; of one that stands there twice, the last, as in Java. */
  text(key: string): string | undefined
  /** `client.properties:4`, where `key` stands; without the line for a key that is not there. */
  at(key: string | null): string
  /** An error that names the place of `key`, and what to do. */
  error(key: string | null, message: string, hint: string): WorkbookError
}

/** Opens a file of properties. Throws WorkbookError when it cannot be read. */
export function openProperties(file: string): ClientProperties {
  const name = path.basename(file)
  try {
    // Java reads these files as Latin-1; other letters are written \uXXXX.
    const entries = new Map(parseProperties(fs.readFileSync(file, 'latin1')).map((one) => [one.key, one]))
    const at = (key: string | null) => {
      const found = key === null ? undefined : entries.get(key)
      return found ? `${name}:${found.line}` : name
    }
    return {
      folder: path.dirname(file),
      keys: [...entries.keys()],
      text: (key) => entries.get(key)?.value.trim(),
      at,
      error: (key, message, hint) => new WorkbookError(`${at(key)}: ${message}`, hint),
    }
  } catch (error) {
    const { message } = error as Error
    if (error instanceof PropertiesError) {
      throw new WorkbookError(
        `${name}:${error.line}: there is ${message}.`,
        'A backslash itself is written twice.',
      )
    }
    throw new WorkbookError(`${file} cannot be read: ${message}`, 'Check the path.')
  }
}
