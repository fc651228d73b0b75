export interface TopicPartition {
  topic: string
  partition: number
}

/** A member of a group, and the topics that it has subscribed to. */
export interface Member {
  id: string
  topics: string[]
}

/** What each member owns, by its id. Every member has a list; that of an idle member is empty. */
export type Assignment = Record<string, TopicPartition[]>

/** One round of a rebalance: everybody joins, and everybody hears what it owns from now on. */
export interface Round {
  /** What each member gives up in this round. A member that gives up nothing may be left out. */
  revoked: Assignment
  /** What each member owns when the round is over. */
  owned: Assignment
}

/** Something that happened to a member, `at` in milliseconds. */
export interface GroupEvent {
  at: number
  type: 'join' | 'leave' | 'fail'
  group: string
  member: string
}

/** What the members of a group own from now on. */
export interface Change {
  at: number
  group: string
  assignment: Assignment
}

export type Strategy = 'range' | 'roundrobin'

/** Topic by topic, every subscribed member gets a run of neighbours; the first ones get one more if it does not divide. */
export function range(members: Member[], topics: Record<string, number>): Assignment {
  throw new Error('TODO range: divide each topic into runs')
}

/** All partitions of all topics in one line, dealt out one by one; who is not subscribed to a topic is passed over. */
export function roundRobin(members: Member[], topics: Record<string, number>): Assignment {
  throw new Error('TODO roundRobin: deal the partitions out one by one')
}

/**
 * The assignments of all groups over time: one change for each event, in order of time. All members read all topics. A
 * failed member is missed `sessionTimeoutMs` after it failed.
 */
export function simulate(
  events: GroupEvent[],
  topics: Record<string, number>,
  sessionTimeoutMs: number,
  strategy: Strategy,
): Change[] {
  throw new Error('TODO simulate: follow the members of each group, and assign when one comes or goes')
}

/** How the members of `next` get there from `prev` by the eager protocol: everybody gives up everything first. */
export function eager(prev: Assignment, next: Assignment): Round[] {
  throw new Error('TODO eager: one round')
}

/** How the members of `next` get there from `prev` by the cooperative protocol: only what moves is given up. */
export function cooperative(prev: Assignment, next: Assignment): Round[] {
  throw new Error('TODO cooperative: what is given up in which round?')
}

/** Stretch: an even assignment that moves as few partitions as possible, for members that all read all topics. */
export function sticky(members: Member[], topics: Record<string, number>, prev: Assignment): Assignment {
  throw new Error('TODO sticky: keep what can be kept')
}
