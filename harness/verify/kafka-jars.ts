import { type ChildProcess, spawn } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { killTree } from '../answer/kill-tree.ts'
import { WorkbookError } from '../errors.ts'
import { spawnPlan } from './spawn-plan.ts'

const POM = ['.ci', 'real-kafka', 'pom.xml']

/** A fetch of jars that can be ended. */
export interface Fetching {
  /** The folder of the jars, a value for KAFKA_HOME. Rejects with WorkbookError: no Maven, or no such version, or ended. */
  folder: Promise<string>
  /** Ends Maven with all that it has started; resolves when nothing half is left. */
  end(): Promise<void>
}

/** The jars of one version of Kafka, fetched by Maven the first time. */
export function fetchKafka(root: string, version: string, onProgress: (line: string) => void): Fetching {
  const running: ChildProcess[] = []
  const folder = fetchOnce(root, version, { onProgress, onStart: (child) => running.push(child) })
  return {
    folder,
    async end() {
      for (const { pid } of running) if (pid !== undefined) killTree(pid)
      await folder.catch(() => {})
    },
  }
}

async function fetchOnce(
  root: string,
  version: string,
  { onProgress, onStart }: { onProgress(line: string): void; onStart(child: ChildProcess): void },
): Promise<string> {
  if (!/^\d+\.\d+\.\d+$/.test(version)) {
    throw new WorkbookError(`"${version}" is no version of Kafka.`, 'For instance: --kafka 4.0.1')
  }
  const folder = path.join(root, '.workbook', 'kafka', version)
  if (fs.existsSync(folder)) return folder
  onProgress(`Fetching Kafka ${version} with Maven ...`)
  const made = `${folder}.${process.pid}`
  const wanted = [`-Dkafka.version=${version}`, `-DoutputDirectory=${made}`, '-DincludeScope=runtime']
  const goal = ['-q', '-B', '-f', path.join(root, ...POM), 'dependency:copy-dependencies', ...wanted]
  try {
    await maven(goal, version, onStart)
    // Whoever was quicker has the same.
    if (!fs.existsSync(folder)) fs.renameSync(made, folder)
  } finally {
    fs.rmSync(made, { recursive: true, force: true })
  }
  return folder
}

function maven(args: string[], version: string, onStart: (child: ChildProcess) => void): Promise<void> {
  const plan = spawnPlan(process.platform, 'mvn', args)
  return new Promise((resolve, reject) => {
    const child = spawn(plan.program, plan.args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: plan.shell,
      // Its own group, so that Java ends with the script that starts it.
      detached: process.platform !== 'win32',
      windowsHide: true,
    })
    onStart(child)
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
