import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { WorkbookError } from '../errors.ts'
import { recordFrames } from '../verify/record-frames.ts'
import { useEveryApi } from '../verify/use-every-api.ts'
import type { Invocation } from './command.ts'

/** In the arguments of another client's program: where it shall connect to. */
const PROXY = 'BOOTSTRAP'

/**
 * Records frames of a real Kafka for the tests of the protocol: those of kafkajs, or those of another client, by a name and
 * a program to run.
 */
export async function run({ root, args, screen }: Invocation): Promise<number> {
  const [bootstrap, client, program, ...rest] = args.positionals
  if (!bootstrap || (client && !program))
    throw new WorkbookError(
      'Which Kafka, and which program?',
      'For instance: npm run workbook -- record 127.0.0.1:9092\n' +
        `or npm run workbook -- record -- 127.0.0.1:9092 confluent python confluent.py ${PROXY} name`,
    )
  const folder = path.join(root, 'harness', 'test', 'kafka', 'protocol', 'recorded')
  const file = path.join(folder, client ? `4.3.1-${client}.json` : '4.3.1.json')
  await recordFrames(bootstrap, file, program ? (proxy) => runProgram(program, rest, proxy) : useEveryApi)
  screen.print(`recorded: ${path.relative(root, file)}`)
  return 0
}

async function runProgram(program: string, args: string[], proxy: string): Promise<void> {
  const child = spawn(
    program,
    args.map((one) => (one === PROXY ? proxy : one)),
    { stdio: ['ignore', 'ignore', 'inherit'] },
  )
  const [code] = await once(child, 'close')
  if (code !== 0)
    throw new WorkbookError(`${program} ended with ${code}.`, 'Does it work without a recording?')
}
