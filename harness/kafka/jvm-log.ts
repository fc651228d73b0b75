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
  return new WorkbookError(
    `Kafka ${version} did not start. The end of its log:\n${lastLines(log)}`,
    'Or use the embedded broker: --broker embedded',
  )
}

/** How nodes came to their end, from their logs; null when none of them ended by itself (the keeper says so in the log). */
export function deathOf(logs: readonly string[]): string | null {
  const dead = logs.flatMap((log, index) => {
    const [, code] = /^Java ended with exit code (\d+)\.\s*$/m.exec(log) ?? []
    return code === undefined ? [] : `Node ${index + 1} of Kafka ended${withCode(code)}${endOfLog(log)}`
  })
  return dead.length > 0 ? dead.join('\n') : null
}

/** ` with exit code 137 (killed). The end of its log:` and some lines. */
export function withCode(code: number | string): string {
  const why: Record<string, string> = {
    137: ' (it was killed, or memory ran out)',
    143: ' (it was told to end)',
  }
  return ` with exit code ${code}${why[code] ?? ''}.`
}

/** The last lines of a log under a heading, or a word that there are none. */
export function endOfLog(log: string): string {
  return log.trim() === '' ? ' Its log is empty.' : ` The end of its log:\n${lastLines(log)}`
}

function lastLines(log: string): string {
  const lines = log.trim().split('\n').slice(-LAST_LINES)
  return lines.map((line) => `  ${line.trimEnd()}`).join('\n')
}

const TOO_OLD =
  /UnsupportedClassVersionError[\s\S]*?class file version (\d+)[\s\S]*?class file versions up to (\d+)/

function releaseOf(classFileVersion: string): number {
  return Number(classFileVersion) - FIRST_CLASS_FILE_VERSION
}

const HINT =
  'Install Java 17 or newer, and set JAVA_HOME to it where it is not in the path.\n' +
  'Or use the embedded broker: --broker embedded'
