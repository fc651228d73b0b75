import path from 'node:path'
import { findKafkaHome, javaCommand } from '../../../kafka/kafka-home.ts'
import { canTest, isInstalled, type Running, run, start } from './program.ts'

/** Kafka's own command line tools, by the names that they have in a distribution; here Java runs their classes. */
const CLASSES = {
  'kafka-broker-api-versions': 'org.apache.kafka.tools.BrokerApiVersionsCommand',
  'kafka-cluster': 'org.apache.kafka.tools.ClusterTool',
  'kafka-configs': 'kafka.admin.ConfigCommand',
  'kafka-console-consumer': 'org.apache.kafka.tools.consumer.ConsoleConsumer',
  'kafka-console-producer': 'org.apache.kafka.tools.ConsoleProducer',
  'kafka-consumer-groups': 'org.apache.kafka.tools.consumer.group.ConsumerGroupCommand',
  'kafka-delete-records': 'org.apache.kafka.tools.DeleteRecordsCommand',
  'kafka-get-offsets': 'org.apache.kafka.tools.GetOffsetShell',
  'kafka-groups': 'org.apache.kafka.tools.GroupsCommand',
  'kafka-topics': 'org.apache.kafka.tools.TopicCommand',
} as const

export type ToolName = keyof typeof CLASSES

/** Whether Java and the jars that KAFKA_HOME names are here; says so where they are not. */
export function haveKafkaTools(): boolean {
  return canTest('Java with KAFKA_HOME', isInstalled('java', '-version') && Boolean(process.env.KAFKA_HOME))
}

export interface KafkaTools {
  /** Runs a tool to its end; its standard output. Rejects with what it said when it fails. */
  run(tool: ToolName, args: string[], input?: string): Promise<string>
  start(tool: ToolName, args: string[]): Running
}

/** The tools for the broker at `bootstrap`. */
export function kafkaTools(bootstrap: string): KafkaTools {
  const words = (args: string[]) => [...args, '--bootstrap-server', bootstrap]
  return {
    run: (tool, args, input) => run(javaCommand(), command(tool, words(args)), input),
    start: (tool, args) => start(javaCommand(), command(tool, words(args))),
  }
}

/** Starts a tool by a whole line, as one would type it: its name, perhaps in a folder, and words that name the broker, too. */
export function startLine([program = '', ...words]: string[], input?: string): Running {
  return start(javaCommand(), command(path.posix.basename(program, '.sh') as ToolName, words), input)
}

/** A short life is not worth to compile for; log4j says nothing without a configuration but errors. */
function command(tool: ToolName, words: string[]): string[] {
  const java = ['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-cp', findKafkaHome().classPath]
  return [...java, CLASSES[tool], ...words]
}
