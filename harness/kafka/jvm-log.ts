import { WorkbookError } from '../errors.ts'

const LAST_LINES = 8
/** Java 1.1 wrote class files of version 45, and every release since then added one (JVM specification, table 4.1-A). */
const FIRST_CLASS_FILE_VERSION = 44

/** Whether Kafka ended because somebody else listens on one of its ports. */
export function portIsTaken(log: string): boolean {
  return /Address already in use/i.test(log)
}

/** Why Kafka did not start, told from what Java printed. */
export function startError(version: string, log: string): WorkbookError {
  if (/spawn .*ENOENT|Unable to locate a Java Runtime/.test(log)) {
    return new WorkbookError('There is no Java on this machine, or JAVA_HOME is wrong.', HINT)
  }
  const [, needed, found] = TOO_OLD.exec(log) ?? []
  if (needed && found) {
    return new WorkbookError(
      `Kafka ${version} needs Java ${releaseOf(needed)}; the Java here is ${releaseOf(found)}.`,
      HINT,
    )
  }
  const lines = log.trim().split('\n').slice(-LAST_LINES)
  return new WorkbookError(
    `Kafka ${version} did not start. The end of its log:\n${lines.map((line) => `  ${line.trimEnd()}`).join('\n')}`,
    'Or use the embedded broker: --broker embedded',
  )
}

const TOO_OLD =
  /UnsupportedClassVersionError[\s\S]*?class file version (\d+)[\s\S]*?class file versions up to (\d+)/

function releaseOf(classFileVersion: string): number {
  return Number(classFileVersion) - FIRST_CLASS_FILE_VERSION
}

const HINT =
  'Install Java 17 or newer, and set JAVA_HOME to it where it is not in the path.\n' +
  'Or use the embedded broker: --broker embedded'
