import { expect, test } from 'vitest'
import { childEnvironment } from '../../answer/environment.ts'

const from = {
  PATH: '/bin',
  HOME: '/home/me',
  AWS_SECRET_ACCESS_KEY: 'secret',
  VITEST: 'true',
  CI: '1',
  NODE_ENV: 'test',
  NODE_OPTIONS: '--require bootloader.js',
  VSCODE_INSPECTOR_OPTIONS: '{}',
}

test('an answer sees no secret, and nothing that tells it that it is judged', () => {
  expect(childEnvironment(from, 'strict')).toEqual({
    PATH: '/bin',
    HOME: '/home/me',
    KAFKAJS_NO_PARTITIONER_WARNING: '1',
  })
})

test('in learn mode a debugger gets hold of the child', () => {
  expect(childEnvironment(from, 'learn')).toMatchObject({
    NODE_OPTIONS: '--require bootloader.js',
    VSCODE_INSPECTOR_OPTIONS: '{}',
  })
})

test('Windows writes names as it likes', () => {
  expect(childEnvironment({ Path: 'C:\\Windows', SYSTEMROOT: 'C:\\Windows' }, 'strict')).toMatchObject({
    Path: 'C:\\Windows',
    SYSTEMROOT: 'C:\\Windows',
  })
})
