import fs from 'node:fs'
import path from 'node:path'
import { WorkbookError } from '../errors.ts'

/** Apache Kafka on this machine. */
export interface KafkaHome {
  /** The version that is in the name of its jars: `4.3.1`. */
  version: string
  /** Java's class path: every jar of one folder. Java reads the `*` itself. */
  classPath: string
}

/**
 * The Kafka that KAFKA_HOME names: an unpacked distribution, whose jars lie in `libs`, or a folder of jars. Throws
 * WorkbookError when the variable is not set or no Kafka is there.
 */
export function findKafkaHome({ KAFKA_HOME: home }: NodeJS.ProcessEnv = process.env): KafkaHome {
  if (!home) throw new WorkbookError('KAFKA_HOME is not set, so there is no Kafka to start.', HINT)
  for (const folder of [path.join(home, 'libs'), home]) {
    const version = versionIn(folder)
    if (version !== null) return { version, classPath: path.join(folder, '*') }
  }
  throw new WorkbookError(`KAFKA_HOME is ${home}, and there are no jars of a Kafka broker in it.`, HINT)
}

/** A client alone has jars of Kafka, too: the broker's must be there. */
function versionIn(folder: string): string | null {
  const names = fs.existsSync(folder) ? fs.readdirSync(folder) : []
  if (!names.some((name) => /^kafka_\d.*\.jar$/.test(name))) return null
  const versions = names.map((name) => /^kafka-clients-(\d+(?:\.\d+)*)\.jar$/.exec(name)?.[1])
  return versions.find((version) => version !== undefined) ?? null
}

/** `JAVA_HOME`'s Java, or the one in the path. */
export function javaCommand({ JAVA_HOME: home }: NodeJS.ProcessEnv = process.env): string {
  return home ? path.join(home, 'bin', 'java') : 'java'
}

/** The file that `javaCommand` starts, links resolved; null when there is none. */
export function javaFile(environment: NodeJS.ProcessEnv = process.env): string | null {
  const command = javaCommand(environment)
  const folders = path.isAbsolute(command) ? [''] : (environment.PATH ?? '').split(path.delimiter)
  const names = process.platform === 'win32' ? [`${command}.exe`] : [command]
  const files = folders.flatMap((folder) => names.map((name) => path.join(folder, name)))
  const found = files.find((file) => fs.existsSync(file))
  return found === undefined ? null : fs.realpathSync(found)
}

const HINT =
  'Unpack Kafka (https://kafka.apache.org/downloads), set KAFKA_HOME to its folder, and try again.\n' +
  'Or use the embedded broker: --broker embedded'
