import { expect, test } from 'vitest'
import { killPlan } from '../../answer/kill-tree.ts'

const all = ['/PID', '4711', '/T', '/F']

test.each([
  ['linux', {}, { signalTo: -4711 }],
  ['darwin', {}, { signalTo: -4711 }],
  [
    'win32',
    { SystemRoot: 'D:\\My Windows' },
    { command: 'D:\\My Windows\\System32\\taskkill.exe', args: all },
  ],
  ['win32', { SYSTEMROOT: 'C:\\WINDOWS' }, { command: 'C:\\WINDOWS\\System32\\taskkill.exe', args: all }],
  ['win32', {}, { command: 'C:\\Windows\\System32\\taskkill.exe', args: all }],
] as const)('%s ends the whole family of a process', (platform, env, plan) => {
  expect(killPlan(platform, 4711, env)).toEqual(plan)
})
