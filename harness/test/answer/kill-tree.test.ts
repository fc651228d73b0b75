import { expect, test } from 'vitest'
import { killPlan } from '../../answer/kill-tree.ts'

test.each([
  ['linux', { signalTo: -4711 }],
  ['darwin', { signalTo: -4711 }],
  ['win32', { command: 'taskkill', args: ['/PID', '4711', '/T', '/F'] }],
] as const)('%s ends the whole family of a process', (platform, plan) => {
  expect(killPlan(platform, 4711)).toEqual(plan)
})
