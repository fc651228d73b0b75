import { spawn } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { WorkbookError } from '../errors.ts'

const POM = ['.ci', 'real-kafka', 'pom.xml']

/**
 * The jars of one version of Kafka, fetched by Maven the first time; a value for KAFKA_HOME. Rejects with WorkbookError
 * when there is no Maven, or no such version.
 */
export async function fetchKafka(
  root: string,
  version: string,
  onProgress: (line: string) => void,
): Promise<string> {
  if (!/^\d+\.\d+\.\d+$/.test(version)) {
    throw new WorkbookError(`"${version}" is no version of Kafka.`, 'For instance: --kafka 4.0.1')
  }
  const folder = path.join(root, '.workbook', 'kafka', version)
  if (fs.existsSync(folder)) return folder
  onProgress(`Fetching Kafka ${version} with Maven ...`)
  const made = `${folder}.${process.pid}`
  const wanted = [`-Dkafka.version=${version}`, `-DoutputDirectory=${made}`, '-DincludeScope=runtime']
  try {
    await maven(
      ['-q', '-B', '-f', path.join(root, ...POM), 'dependency:copy-dependencies', ...wanted],
      version,
    )
    // Whoever was quicker has the same.
    if (!fs.existsSync(folder)) fs.renameSync(made, folder)
  } finally {
    fs.rmSync(made, { recursive: true, force: true })
  }
  return folder
}

function maven(args: string[], version: string): Promise<void> {
  return new Promise((resolve, reject) => {
    // On Windows `mvn` is a batch file, which only a shell can start.
    const child = spawn('mvn', args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32',
    })
    let said = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (part) => (said += part))
    child.on('error', (error) =>
      reject(
        new WorkbookError(`Maven does not start: ${error.message}`, 'Install it: https://maven.apache.org'),
      ),
    )
    child.on('close', (code) => {
      if (code === 0) return resolve()
      const [reason = `it ended with code ${code}`] = said
        .split('\n')
        .filter((line) => line.includes('[ERROR]'))
      reject(
        new WorkbookError(
          `Kafka ${version} could not be fetched: ${reason.replace('[ERROR] ', '')}`,
          'Versions: https://kafka.apache.org/downloads',
        ),
      )
    })
  })
}
