import { describe, expect, test } from 'vitest'
import { nextHint } from '../../exercise/hints.ts'

const HELPED = new Set(['null-key', 'seconds'])

describe('the next hint', () => {
  test.each([
    ['begins with the nudge', [], [], 'Nudge'],
    ['is the pointer after it', [], ['Nudge'], 'Pointer'],
    ['then comes nearly the solution', [], ['Nudge', 'Pointer'], 'Near-solution'],
    ['which stays the last', [], ['Nudge', 'Pointer', 'Near-solution'], 'Near-solution'],
    ['leaves out what a number asked for', [], ['Pointer'], 'Nudge'],
    ['is about the mistake of the last verdict', ['null-key'], [], 'null-key'],
    ['also after all tiers', ['null-key'], ['Nudge', 'Pointer', 'Near-solution'], 'null-key'],
    ['goes on with the tiers once that was given', ['null-key'], ['null-key'], 'Nudge'],
    ['is about another mistake when there is one', ['seconds'], ['null-key', 'Nudge'], 'seconds'],
    ['is a tier for a mistake without a hint', ['acks-0'], [], 'Nudge'],
    ['looks at every mistake that was named', ['acks-0', 'seconds'], [], 'seconds'],
  ])('%s', (_, mistakes, given, expected) => {
    expect(nextHint({ mistakes, helped: HELPED, given })).toBe(expected)
  })
})
