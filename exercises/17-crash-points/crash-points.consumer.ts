// The first checks: the way out of the log. Nothing to edit here.

import { expect } from 'vitest'
import { mistake } from '#workbook/check'
import { check, crashing, DUPLICATED, LOST, NEITHER, plan, told } from './crash-points.plans.ts'

check(
  'work-then-commit',
  'Work first, then commit: a crash between the two repeats the work, and no crash loses it',
  { about: 'simulate' },
  async ({ answer }) => {
    const outcomes = await answer.simulate.each(crashing(4, { commit: 'after-work', batch: 1 }))
    const [, afterWork, afterCommit] = outcomes.map(told)
    mistake(
      'goes-on-where-it-was',
      afterWork === NEITHER,
      'The consumer died after the work for EVT-1 and before its commit, and its next life went on behind EVT-1. How far it had come was known to the process that is dead.',
    )
    mistake(
      'last-handled-committed',
      afterCommit === DUPLICATED,
      'EVT-1 was done and committed, and the next life did it again. A committed offset names what comes next, not what was handled last.',
    )
    expect(outcomes.map(told), 'a crash after 0, 1, 2, 3, 4 steps').toEqual([
      NEITHER,
      DUPLICATED,
      NEITHER,
      'lost - · duplicated 2',
      NEITHER,
    ])
  },
)

check(
  'commit-then-work',
  'Commit first, then work: a crash between the two loses the work, and no crash repeats it',
  { after: 'work-then-commit', about: 'simulate' },
  async ({ answer }) => {
    const outcomes = await answer.simulate.each(crashing(4, { commit: 'before-work', batch: 1 }))
    const [, between] = outcomes.map(told)
    mistake(
      'committed-comes-again',
      between === NEITHER,
      'The commit for EVT-1 was made, the work was not, and EVT-1 came again after the crash. The broker knows only the commit, and that one says: go on behind it.',
    )
    expect(outcomes.map(told), 'a crash after 0, 1, 2, 3, 4 steps').toEqual([
      NEITHER,
      LOST,
      NEITHER,
      'lost 2 · duplicated -',
      NEITHER,
    ])
  },
)

check(
  'commit-per-batch',
  'One commit for a batch: the whole batch is at stake, and not only the record in hand',
  { after: 'commit-then-work', about: 'simulate' },
  async ({ answer }) => {
    const three = ['EVT-1', 'EVT-2', 'EVT-3']
    const after = await answer.simulate.each(crashing(4, { commit: 'after-work', batch: 3 }, three))
    mistake(
      'commit-per-record',
      after.map(told)[2] === NEITHER,
      'Two steps into a batch of three the consumer died, and nothing came again, as if the second step had been a commit. There is one commit for the batch, when all of it is done.',
    )
    const before = await answer.simulate.each(crashing(4, { commit: 'before-work', batch: 3 }, three))
    const uneven = await answer.simulate.each(crashing(5, { commit: 'after-work', batch: 2 }, three))
    const duplicated = (ids: string) => `lost - · duplicated ${ids}`
    expect(after.map(told), 'three at a time, commit after the work').toEqual(
      ['-', '1', '1 2', '1 2 3', '-'].map(duplicated),
    )
    expect(before.map(told), 'three at a time, commit before the work').toEqual(
      ['-', '1 2 3', '2 3', '3', '-'].map((ids) => `lost ${ids} · duplicated -`),
    )
    expect(uneven.map(told), 'two at a time, commit after the work').toEqual(
      ['-', '1', '1 2', '-', '3', '-'].map(duplicated),
    )
  },
)

check(
  'more-crashes',
  'A crash can come again while the first one is being made good',
  { after: 'work-then-commit', about: 'simulate' },
  async ({ answer }) => {
    const outcomes = await answer.simulate.each([
      plan({ crashes: [1, 2] }),
      plan({ crashes: [1, 4] }),
      plan({ crashes: [0, 2, 90] }),
    ])
    expect(outcomes.map(told), 'crashes after 1 and 2, after 1 and 4, after 0, 2 and 90 steps').toEqual([
      DUPLICATED,
      'lost - · duplicated 1 2',
      NEITHER,
    ])
  },
)
