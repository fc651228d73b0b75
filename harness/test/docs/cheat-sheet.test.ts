import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { haveKafkaTools, type KafkaTools, kafkaTools, type ToolName } from '../kafka/clients/kafka-tools.ts'
import { testBroker } from '../kafka/test-broker.ts'

/* The commands of the cheat sheet, from the first to the last, by Kafka's own tools on the embedded broker. */

const SHEET = readFileSync(new URL('../../../docs/cheat-sheet.md', import.meta.url), 'utf8')
const ADDRESS = ' --bootstrap-server 127.0.0.1:9092'

/** `echo 'TEXT' | TOOL.sh ARGUMENTS`, or without the echo. */
const COMMAND = /^(?:echo '(?<input>.*)' \| )?(?<tool>kafka-[\w-]+)\.sh (?<args>.*)$/

interface Command {
  tool: ToolName
  args: string[]
  input: string | undefined
}

function commandsOf(markdown: string): Command[] {
  const [, fence = ''] = /^```sh[^\n]*\n([\s\S]*?)^```$/m.exec(markdown) ?? []
  const lines = fence.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  return lines.map((line) => {
    const { input, tool, args = '' } = COMMAND.exec(line.replace(ADDRESS, ''))?.groups ?? {}
    if (tool === undefined || !line.includes(ADDRESS)) throw new Error(`this line is not understood: ${line}`)
    return { tool: tool as ToolName, args: args.split(' '), input }
  })
}

const COMMANDS = commandsOf(SHEET)

describe.skipIf(!haveKafkaTools())('the commands of the cheat sheet', { timeout: 90_000 }, () => {
  let broker: Awaited<ReturnType<typeof testBroker>>
  let kafka: KafkaTools
  const printed: string[] = []

  beforeAll(async () => {
    broker = await testBroker()
    kafka = kafkaTools(broker.bootstrap)
  })

  afterAll(() => broker.close())

  test.each(COMMANDS)('$tool $args.0 $args.1 $args.2', async ({ tool, args, input }) => {
    printed.push(await kafka.run(tool, args, input && `${input}\n`))
  })

  test('did what the sheet says', () => {
    const all = printed.join('\n')
    expect(printed).toHaveLength(COMMANDS.length)
    expect(all).toContain('PartitionCount: 3')
    expect(all).toMatch(/Partition:\d\tOffset:0\tORD-001\tplaced/)
    expect(all).toContain('inventory-service-group')
    expect(all).toMatch(/NEW-OFFSET/)
  })
})
