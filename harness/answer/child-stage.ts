import type { Kafka, LogEntry } from 'kafkajs'
import type { StageData } from './messages.ts'
import type { Stage } from './stage.ts'

type Kafkajs = typeof import('kafkajs')

/** Makes the stage of a scene from its data. kafkajs's own log lines are kept out of the answer's output. */
export function openStage(
  kafkajs: Kafkajs,
  scene: { name: string; data: StageData; given: unknown; logKafka: boolean },
  { pauseAt, spawn }: Pick<Stage, 'pauseAt' | 'spawn'>,
): Stage<unknown> {
  const { topic, group, transactionalId } = scene.data
  const stage = { kafka: openKafka(kafkajs, scene), topic, group, transactionalId, pauseAt, spawn }
  // Left out, not undefined, so that it looks to a scene as it does to a learner who plays it.
  return scene.given === undefined ? stage : { ...stage, given: scene.given }
}

function openKafka(kafkajs: Kafkajs, scene: { name: string; data: StageData; logKafka: boolean }): Kafka {
  const { logLevel } = kafkajs
  return new kafkajs.Kafka({
    clientId: scene.name,
    brokers: scene.data.broker.split(','),
    connectionTimeout: 3000,
    logLevel: scene.logKafka ? logLevel.WARN : logLevel.NOTHING,
    logCreator: () => logLine,
  })
}

/** One plain line for a warning or an error of kafkajs. */
function logLine({ label, log }: LogEntry): void {
  process.stderr.write(`kafkajs ${label.toLowerCase()}: ${log.message}\n`)
}
