import { setTimeout as sleep } from 'node:timers/promises'
import type { Consumer, IHeaders, KafkaMessage, Producer } from 'kafkajs'
import type { BookEvent } from '#bookstore'

export interface RetryConfig {
  topic: string
  deadLetterTopic: string
  attempts: number
  initialDelayMs: number
  maxDelayMs: number
  heartbeatMs: number
  signal: AbortSignal
}

export interface Delivery {
  topic: string
  partition: number
  offset: string
}

export interface RetryReport {
  handled: number
  deadLettered: number
}

export type Handler = (event: BookEvent, at: Delivery) => Promise<void>

/** Why a record could not be handled, and how often that was tried. */
interface Failure {
  error: unknown
  attempts: number
}

export async function consumeWithRetry(
  consumer: Consumer,
  producer: Producer,
  config: RetryConfig,
  handle: Handler,
): Promise<RetryReport> {
  const { topic, signal } = config
  const report: RetryReport = { handled: 0, deadLettered: 0 }
  // Of a stop for good, kafkajs tells by this event and in no other way. From a crash with a restart it goes on by itself.
  const stoppedForGood = new Promise<{ error: Error }>((resolve) => {
    consumer.on(consumer.events.CRASH, ({ payload: { error, restart } }) => {
      if (!restart) resolve({ error })
    })
  })

  await consumer.subscribe({ topics: [topic], fromBeginning: true })
  await consumer.run({
    // kafkajs commits a record when eachMessage has resolved: handled, or safely among the dead letters. Nothing else does.
    autoCommitThreshold: 1,
    eachMessage: async ({ partition, message, heartbeat }) => {
      const at = { topic, partition, offset: message.offset }
      const failure = await attemptAll(message, at, config, handle, heartbeat)
      if (failure) await setAside(producer, config.deadLetterTopic, message, at, failure)
      report[failure ? 'deadLettered' : 'handled'] += 1
    },
  })
  const crash = await Promise.race([aborted(signal), stoppedForGood])
  if (crash) throw crash.error
  await consumer.stop()
  return report
}

/** Hands the event out until that goes well. What comes back is its failure, or nothing. */
async function attemptAll(
  message: KafkaMessage,
  at: Delivery,
  { attempts, initialDelayMs, maxDelayMs, heartbeatMs, signal }: RetryConfig,
  handle: Handler,
  heartbeat: () => Promise<void>,
): Promise<Failure | undefined> {
  let event: BookEvent
  try {
    event = eventOf(message)
  } catch (error) {
    return { error, attempts: 0 } // the bytes will be the same next time
  }
  for (let attempt = 1; ; attempt += 1) {
    try {
      await handle(event, at)
      return undefined
    } catch (error) {
      if (attempt >= attempts || isHopeless(error)) return { error, attempts: attempt }
    }
    // Here nothing is caught. A heartbeat that is refused, because the group is rebalancing or has expelled us, and a shop
    // that closes: both leave eachMessage, so nothing is committed, and the event is handed out anew after that. The group
    // need not wait for our pause.
    for (
      let left = Math.min(initialDelayMs * 2 ** (attempt - 1), maxDelayMs);
      left > 0;
      left -= heartbeatMs
    ) {
      await sleep(Math.min(left, heartbeatMs), undefined, { signal })
      await heartbeat()
    }
  }
}

function eventOf({ value }: KafkaMessage): BookEvent {
  // JSON.parse(String(null)) is null, and null is not an event.
  if (value === null) throw new Error('a record without a value')
  return JSON.parse(value.toString())
}

/** The rule by which kafkajs itself gives up at once. */
function isHopeless(error: unknown): boolean {
  const { name, retriable } = Object(error)
  return retriable === false || ['SyntaxError', 'TypeError', 'RangeError', 'ReferenceError'].includes(name)
}

/** Resolves when the record is stored among the dead letters: its own bytes, not what we understood of them. */
async function setAside(
  producer: Producer,
  deadLetterTopic: string,
  { key, value, headers }: KafkaMessage,
  { topic, partition, offset }: Delivery,
  { error, attempts }: Failure,
): Promise<void> {
  const reason = {
    'original-topic': topic,
    'original-partition': String(partition),
    'original-offset': offset,
    attempts: String(attempts),
    // Anything can be thrown.
    'error-name': error instanceof Error ? error.name : typeof error,
    'error-message': error instanceof Error ? error.message : String(error),
  }
  // No partition: the dead-letter topic may have fewer of them, and kafkajs loses what is for a partition that is not there.
  const stored = await producer.send({
    topic: deadLetterTopic,
    messages: [{ key, value, headers: { ...writable(headers), ...reason } }],
  })
  if (stored.length === 0) throw new Error(`${deadLetterTopic} has not stored the dead letter`)
}

/** Kafka allows headers that are null, and kafkajs reads them, but cannot write them. Empty is as near as it gets. */
function writable(headers: IHeaders = {}): IHeaders {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, [value].flat().map((one) => one ?? '')]),
  )
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
