import './design.events.ts'
import { mistake } from '#workbook/check'
import { BROKERS } from './design.cases.ts'
import * as find from './design.findings.ts'
import { check, factsOf, list, read } from './design.reading.ts'
import type { TopicDesign } from './design.ts'

// What each rule lets pass, and why, is told in rules.md beside this file.

check(
  'order-and-key',
  'Kafka keeps order inside a partition, and the key decides which records share one',
  { after: 'facts-reach-readers', about: 'topics' },
  async ({ play }) => {
    const design = await read(play.read(['calls', 'topics', 'subscriptions']))
    const global = design.topics.find(({ order, partitions }) => order === 'whole-topic' && partitions > 1)
    mistake(
      'global-order',
      global !== undefined,
      `Topic "${global?.name}" promises the order of all its records, on ${global?.partitions} partitions. Each of them is read at its own pace, so what was written first may be handled last.`,
    )
    const { topic, fact, field } = find.scatterings(design)[0] ?? {}
    mistake(
      'key-scatters',
      topic !== undefined,
      `In topic "${topic?.name}", ${fact} has to keep its order for each ${field}. With ${topic?.key ?? 'nothing'} as the key, two events of one ${field} can get into different partitions, and two copies of a service handle them at the same time.`,
    )
    const [apart] = find.tornStreams(design)
    mistake(
      'order-across-topics',
      apart !== undefined,
      `${apart?.service} needs ${list(apart?.facts)} in order, and no topic has them together. Between two topics there is no order, whatever the keys are: it can meet the second event before the first.`,
    )
    const silent = design.topics.find(({ whyKey }) => !find.isReason(whyKey))
    mistake(
      'key-without-a-reason',
      silent !== undefined,
      `Topic "${silent?.name}" does not say why its key is ${silent?.key ?? 'none'}. Whoever wants to change it next year has to know what hangs on it, and a changed key sends old and new events different ways.`,
    )
  },
)

check(
  'enough-partitions',
  'A partition takes what one broker can write and gives what one copy can handle, in the busiest minute',
  { after: 'facts-reach-readers', about: 'topics' },
  async ({ play }) => {
    const design = await read(play.read(['calls', 'topics', 'subscriptions']))
    const short = find.flows(design).find(({ load, each, topic }) => load > each * topic.partitions)
    mistake(
      'too-few-partitions',
      short !== undefined,
      `Topic "${short?.topic.name}" has ${short?.topic.partitions} partitions. In the busiest minute, with headroom, ${short?.load} records per second are there for ${short?.who}, and on one partition ${short?.each} can be done. Another copy of a service does not help: it gets no partition.`,
    )
    const hot = find.flows(design).find(({ ofOneKey, each }) => ofOneKey > each)
    mistake(
      'hot-key',
      hot !== undefined,
      `The key of topic "${hot?.topic.name}" is ${hot?.topic.key}, and a single ${hot?.topic.key} has ${hot?.ofOneKey} records per second in the busiest minute. They all go to one partition, and ${hot?.who} can do ${hot?.each} there. More partitions do not divide a key.`,
    )
  },
)

check(
  'one-broker-down',
  'What is acknowledged is safe once a second broker has it, and writing goes on when the rest may be fewer',
  { about: 'topics' },
  async ({ play }) => {
    const { topics, useCase } = await read(play.read(['topics']))
    const many = topics.find(({ replicationFactor }) => replicationFactor > BROKERS)
    mistake(
      'more-replicas-than-brokers',
      many !== undefined,
      `Topic "${many?.name}" wants ${many?.replicationFactor} replicas, and there are ${BROKERS} brokers. Two replicas on one broker would die together, so Kafka does not create it.`,
    )
    const precious = topics.filter((topic) => find.importantFacts(topic, useCase).length > 0)
    // The broker does not ask for more replicas than there are.
    const floor = (topic: TopicDesign) => Math.min(topic.minInsyncReplicas, topic.replicationFactor)
    const alone = precious.find((one) => floor(one) < 2 || (one.acks !== 'all' && one.acks !== -1))
    mistake(
      'leader-alone',
      alone !== undefined,
      `Topic "${alone?.name}" carries ${list(alone && find.importantFacts(alone, useCase))}, with acks ${alone?.acks} and at least ${alone && floor(alone)} in sync. There are days when the leader alone has a record that its producer takes for safe. If that broker dies then, the record is gone, and nobody sends it again.`,
    )
    const stuck = precious.find((one) => floor(one) === one.replicationFactor)
    mistake(
      'no-broker-may-fail',
      stuck !== undefined,
      `Topic "${stuck?.name}" has ${stuck?.replicationFactor} replicas, and all of them have to be in sync. When one broker restarts, for an update or by accident, its partitions accept nothing, and ${list(stuck && find.importantFacts(stuck, useCase))} cannot be written.`,
    )
  },
)

check(
  'kept-long-enough',
  'What has been deleted or compacted away cannot be read again',
  { after: 'facts-reach-readers', about: 'topics' },
  async ({ play }) => {
    const design = await read(play.read(['calls', 'topics', 'subscriptions']))
    const keyless = design.topics.find(({ cleanup, key }) => cleanup === 'compact' && key === null)
    mistake(
      'compaction-without-a-key',
      keyless !== undefined,
      `Topic "${keyless?.name}" is compacted and has no key. Compaction keeps the last record of each key, so the broker refuses every record that has none.`,
    )
    const [short] = find.forgettings(design)
    const days = `${short?.service} has to read the last ${short?.days} days of ${short?.fact}`
    mistake(
      'compacted-event-log',
      short?.topic.cleanup === 'compact',
      `${days}, and topic "${short?.topic.name}" is compacted, with keepDays ${short?.topic.keepDays}. After that, only the last event of each ${short?.topic.key} is left, and what came before it is as if it had never happened.`,
    )
    mistake(
      'kept-too-short',
      short?.topic.cleanup === 'delete',
      `${days}, and topic "${short?.topic.name}" deletes, with keepDays ${short?.topic.keepDays}. When it has been down for longer, or has to count again, the first part is gone, and it goes on behind the gap.`,
    )
    const { id, need, topic, field } = find.lostLatest(design)[0] ?? {}
    const wanted = `${need?.service} needs the latest ${list(need?.facts)} of every ${field} for "${id}", however old`
    mistake(
      'latest-deleted',
      topic?.cleanup === 'delete',
      `${wanted}, and topic "${topic?.name}" deletes by age. What has not changed for ${topic?.keepDays} days is deleted with the rest, and a new copy has never heard of it.`,
    )
    mistake(
      'pushed-out',
      topic?.cleanup === 'compact',
      `${wanted}. Topic "${topic?.name}" keeps the last record of each ${topic?.key}, of whatever type: ${list(topic && factsOf(topic))}. One that is about something else pushes the wanted one out.`,
    )
  },
)

check(
  'twice-is-once',
  'A record can come twice: its effect happens once only where the second time is recognised',
  { after: 'facts-reach-readers', about: 'subscriptions' },
  async ({ play }) => {
    const all = find.handlings(await read(play.read(['calls', 'topics', 'subscriptions'])))
    const missed = all.find(({ need, subscription }) => {
      return need.neverMissed && subscription.effect === 'at-most-once'
    })
    mistake(
      'at-most-once',
      missed !== undefined,
      `${missed?.need.service} commits before the work, so that "${missed?.id}" happens at most once. A crash between the two skips an event for good, and this one must not be missed.`,
    )
    const unseen = all.filter(({ need, subscription }) => !find.isRecognised(need, subscription))
    const claimed = unseen.find(({ subscription }) => subscription.effect === 'exactly-once')
    mistake(
      'exactly-once-claimed',
      claimed !== undefined,
      `"${claimed?.id}" of ${claimed?.need.service} is said to happen exactly once, with "${claimed?.subscription.repeats}". ${find.EFFECTS[claimed?.need.effect ?? 'copy']} A crash after the work and before the commit makes it happen again; Kafka's transactions end where Kafka ends.`,
    )
    const repeated = unseen.find(({ need, subscription }) => {
      return need.neverTwice && subscription.effect === 'at-least-once'
    })
    mistake(
      'done-twice',
      repeated !== undefined,
      `"${repeated?.id}" of ${repeated?.need.service} must not happen twice, and has "${repeated?.subscription.repeats}" against it. ${find.EFFECTS[repeated?.need.effect ?? 'copy']} After a crash or a rebalance the same event comes again, and nothing stops it.`,
    )
  },
)

check(
  'broken-record',
  'A record that can never be handled stands in front of all that follow in its partition',
  { after: 'facts-reach-readers', about: 'subscriptions' },
  async ({ play }) => {
    const design = await read(play.read(['calls', 'topics', 'subscriptions']))
    const blocked = design.subscriptions.find(({ failing }) => failing === 'repeat')
    mistake(
      'poison-record',
      blocked !== undefined,
      `${blocked?.service} tries a broken record until it works. It never will: its partition stands still, the lag grows, and because something is being tried all the time, nobody is called.`,
    )
    const dropped = find.handlings(design).find(({ need, subscription }) => {
      return need.neverMissed && subscription.failing === 'skip'
    })
    mistake(
      'dropped',
      dropped !== undefined,
      `${dropped?.need.service} skips what it cannot handle, and "${dropped?.id}" must not be missed. The day somebody renames a field, all events are broken for an hour, and afterwards nobody knows which.`,
    )
  },
)

check(
  'two-writes',
  'A database and Kafka have no transaction in common: two writes one after the other can be torn apart',
  { about: 'topics' },
  async ({ play }) => {
    const { topics, useCase } = await read(play.read(['topics']))
    const events = topics.flatMap(({ name, events }) => events.map((event) => ({ ...event, topic: name })))
    const torn = events.find(({ fact, sent }) => {
      return useCase.facts[fact]?.stored && (sent === 'write-then-send' || sent === 'send-then-write')
    })
    const [half, rest] = torn?.sent === 'send-then-write' ? ['sent', 'written'] : ['written', 'sent']
    mistake(
      'dual-write',
      torn !== undefined,
      `"${torn?.type}" in topic "${torn?.topic}" is ${half} first and ${rest} second. A process that dies in between leaves the database and the topic in disagreement for ever, and neither of them knows.`,
    )
  },
)

check(
  'alternatives-weighed',
  'A choice is one when something else could have been chosen',
  { about: 'alternatives' },
  async ({ play }) => {
    const { alternatives } = await read(play.read(['alternatives']))
    mistake(
      'nothing-else-considered',
      alternatives.length < 2,
      `The document weighs ${alternatives.length} alternatives. Whoever reads it later has to find out again what the others would have cost, and cannot tell which of your reasons still hold.`,
    )
    const praise = alternatives.find((one) => !find.isReason(one.inFavour) || !find.isReason(one.against))
    mistake(
      'one-sided',
      praise !== undefined,
      `"${praise?.instead}" has only one side. Nobody would have built it if nothing spoke for it, and you would have taken it if nothing spoke against it: one of the two is missing.`,
    )
  },
)
