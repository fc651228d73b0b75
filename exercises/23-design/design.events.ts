// The first checks: what is an event, and who reads it. Nothing to edit here.

import { mistake } from '#workbook/check'
import * as find from './design.findings.ts'
import { check, read } from './design.reading.ts'

check(
  'answer-needed',
  'A call is for a question whose answer somebody waits for; whatever else has happened can be an event',
  { about: 'calls' },
  async ({ play }) => {
    const { calls, useCase } = await read(play.read(['calls']))
    const [question] = Object.keys(useCase.questions).filter((id) => !calls.includes(id))
    mistake(
      'everything-is-an-event',
      question !== undefined,
      `${question} is left to events. What ${useCase.questions[question ?? '']} has read is a moment old, and this answer has to be right now: by then the last copy is sold, the price is another, the consent is withdrawn.`,
    )
    const [called] = calls.filter((id) => useCase.needs[id] && !useCase.needs[id].answersSoon)
    const service = useCase.needs[called ?? '']?.service
    mistake(
      'call-without-a-question',
      called !== undefined,
      `"${called}" is a call, and nobody waits for what comes back. While ${service} is down or slow, its caller is too, and whoever wants the same news next month has to be built into the caller.`,
    )
  },
)

check(
  'facts-reach-readers',
  'A service hears of a fact only from a topic that it reads',
  { after: 'answer-needed', about: 'subscriptions' },
  async ({ play }) => {
    const design = await read(play.read(['calls', 'topics', 'subscriptions']))
    const [left] = find.lackings(design)
    mistake(
      'reader-left-out',
      left !== undefined,
      `${left?.service} needs ${left?.fact} for "${left?.id}", and reads no topic that carries it. Nobody gets an error: a topic does not know who should have read it.`,
    )
  },
)

check(
  'event-types',
  'An event says what has happened, and not what somebody has to do',
  { about: 'topics' },
  async ({ play }) => {
    const { topics } = await read(play.read(['topics']))
    const types = topics.flatMap(({ name, events }) => events.map(({ type }) => ({ name, type })))
    const command = types.find(({ type }) => find.isCommand(type))
    mistake(
      'command-as-event',
      command !== undefined,
      `"${command?.type}" in topic "${command?.name}" tells somebody to do something. Whoever reads it cannot see whether it has been done, and the service that writes it has to know who obeys.`,
    )
  },
)

check(
  'one-group-each',
  'Who shares a group shares the records: each of them gets a part',
  { after: 'facts-reach-readers', about: 'subscriptions' },
  async ({ play }) => {
    const design = await read(play.read(['calls', 'topics', 'subscriptions']))
    const [shared] = find.sharedGroups(design)
    mistake(
      'shared-group',
      shared !== undefined,
      `${shared?.services.join(' and ')} have the group "${shared?.group}" in common. For Kafka they are one group: a partition of a topic that both read belongs to one of them, and the other never sees its records. Without such a topic, each still makes the other rebalance whenever it starts or stops.`,
    )
    const wrong = find.handlings(design).find(({ need, subscription }) => {
      return (subscription.copies === 'each') !== (need.eachCopy ?? false)
    })
    const service = wrong?.need.service
    mistake(
      'copies-repeat-the-work',
      wrong?.subscription.copies === 'each',
      `Every copy of ${service} gets a group of its own, so every copy is handed every record. With four copies, "${wrong?.id}" is done four times.`,
    )
    mistake(
      'copies-miss-a-part',
      wrong?.subscription.copies === 'share',
      `The copies of ${service} share a group, so a record goes to one of them. Each has a memory of its own, and in all the others that book keeps its old price.`,
    )
  },
)
