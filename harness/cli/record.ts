import path from 'node:path'
import { WorkbookError } from '../errors.ts'
import { recordFrames } from '../verify/record-frames.ts'
import type { Invocation } from './command.ts'

/** Records frames of a real Kafka for the tests of the protocol. */
export async function run({ root, args, screen }: Invocation): Promise<number> {
  const [bootstrap] = args.positionals
  if (!bootstrap)
    throw new WorkbookError('Which Kafka?', 'For instance: npm run workbook -- record 127.0.0.1:9092')
  const file = path.join(root, 'harness', 'test', 'kafka', 'protocol', 'recorded', '4.3.1.json')
  await recordFrames(bootstrap, file)
  screen.print(`recorded: ${path.relative(root, file)}`)
  return 0
}
