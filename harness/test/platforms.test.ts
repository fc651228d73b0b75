import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { placeInStack } from '../answer/place.ts'
import { pipeIn, privateDirStart } from '../answer/start-keeper.ts'
import { npmPlan } from '../bin/install.mjs'
import { enginePlaces } from '../kafka/engine-http.ts'
import { propertiesFile } from '../kafka/jvm-nodes.ts'
import { pathInside } from '../path-inside.ts'
import { spawnPlan } from '../verify/spawn-plan.ts'

/** What depends on the platform gets it as an argument, so that Windows can be tried here. */

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

describe('paths', () => {
  test.each([
    ['win32', 'C:\\My Books\\kafka', 'C:\\My Books\\kafka\\exercises\\03-x\\x.ts', 'exercises/03-x/x.ts'],
    ['win32', 'C:\\My Books\\kafka', 'c:\\my books\\KAFKA\\x.ts', 'x.ts'],
    ['win32', 'C:\\kafka', 'D:\\kafka\\x.ts', null],
    ['win32', 'C:\\kafka', 'C:\\other\\x.ts', null],
    ['win32', 'C:\\kafka', 'C:\\kafka\\..x.ts', '..x.ts'],
    ['win32', 'C:\\kafka', '\\\\server\\share\\x.ts', null],
    ['win32', '\\\\server\\share\\kafka', '\\\\server\\share\\kafka\\a\\x.ts', 'a/x.ts'],
    ['posix', '/my books/kafka', '/my books/kafka/a/x.ts', 'a/x.ts'],
    ['posix', '/my books/kafka', '/my books/x.ts', null],
    ['posix', '/kafka', '/', null],
    ['posix', '/kafka', '/kafka/a\\b.ts', 'a\\b.ts'],
  ] as const)('%s: from %s to %s', (platform, folder, file, inside) => {
    expect(pathInside(folder, file, path[platform])).toBe(inside)
  })

  test('a stack trace of Windows leads to the answer', () => {
    const answerFile = 'C:\\My Books\\kafka\\send.ts'
    const stack = `Error: no\r\n    at node:internal/timers:1:2\n    at async encode (${answerFile}:7:11)`
    const place = { file: answerFile, line: 7, column: 11, within: 'encode' }
    expect(placeInStack(stack, { answerFile, scenesFile: null })).toEqual(place)
  })

  test('Java reads a path of Windows from its properties as it is', () => {
    expect(propertiesFile({ 'log.dirs': 'C:\\My Temp\\data' })).toBe('log.dirs=C:\\\\My Temp\\\\data\n')
  })
})

describe('where the keeper listens', () => {
  test.each([
    ['win32', 'C:\\Users\\Ada L\\Temp', 'C:\\Users\\Ada L\\Temp\\workbook-'],
    ['win32', `C:\\${'long\\'.repeat(40)}`, `C:\\${'long\\'.repeat(40)}workbook-`],
    ['linux', '/tmp', '/tmp/workbook-'],
    ['darwin', `/var/folders/${'x'.repeat(90)}/T`, '/tmp/workbook-'],
  ] as const)('%s: a private folder in %s', (platform, temporary, start) => {
    expect(privateDirStart(platform, temporary)).toBe(start)
  })

  test.each([
    ['win32', 'C:\\Users\\Ada L\\Temp\\workbook-a1b2c3', '\\\\.\\pipe\\workbook-a1b2c3'],
    ['linux', '/tmp/workbook-a1b2c3', '/tmp/workbook-a1b2c3/keeper'],
  ] as const)('%s: in %s', (platform, folder, address) => {
    expect(pipeIn(platform, folder)).toBe(address)
  })
})

describe('programs', () => {
  test.each([
    ['win32', 'npm', ['test', '05', '--', '--answer', 'solution'], 'npm.cmd test 05 -- --answer solution'],
    ['win32', 'npx', ['vitest', 'C:\\My Books\\x'], 'npx.cmd vitest "C:\\My Books\\x"'],
    ['win32', 'mvn', ['-q', '-f', 'C:\\My Books\\pom.xml'], 'mvn.cmd -q -f "C:\\My Books\\pom.xml"'],
  ] as const)('%s: %s is a batch file, and needs a shell', (platform, program, args, line) => {
    expect(spawnPlan(platform, program, args)).toEqual({ program: line, args: [], shell: true })
  })

  test.each([
    ['win32', 'C:\\Program Files\\nodejs\\node.exe'],
    ['linux', 'npm'],
  ] as const)('%s: %s is started as it is', (platform, program) => {
    const plan = spawnPlan(platform, program, ['a b', '$(c)'])
    expect(plan).toEqual({ program, args: ['a b', '$(c)'], shell: false })
  })

  test.each([
    ['win32', 'C:\\Program Files\\nodejs\\node_modules\\npm\\bin\\npm-cli.js', [process.execPath, false]],
    ['linux', '/usr/lib/node_modules/npm/bin/npm-cli.js', [process.execPath, false]],
    ['linux', '/home/ada/.yarn/yarn.js', ['npm', false]],
    ['win32', undefined, ['npm ci --omit=dev', true]],
    ['linux', undefined, ['npm', false]],
  ] as const)('%s: packages are installed by npm, started from %s', (platform, own, [program, shell]) => {
    const plan = npmPlan(platform, own === undefined ? {} : { npm_execpath: own }, ['ci', '--omit=dev'])
    expect({ program: plan.program, shell: plan.shell }).toEqual({ program, shell })
  })
})

describe('where a container engine listens', () => {
  test('win32: at its pipe', () => {
    expect(enginePlaces({}, 'win32')).toEqual([{ socketPath: '//./pipe/docker_engine' }])
  })

  test('linux: at its sockets', () => {
    expect(enginePlaces({ XDG_RUNTIME_DIR: '/run/user/7' }, 'linux')).toEqual(
      expect.arrayContaining([
        { socketPath: '/var/run/docker.sock' },
        { socketPath: '/run/user/7/docker.sock' },
      ]),
    )
  })

  test.each(['win32', 'linux'] as const)('%s: where DOCKER_HOST says', (platform) => {
    const host = (DOCKER_HOST: string) => enginePlaces({ DOCKER_HOST }, platform)
    expect(host('npipe:////./pipe/other')).toEqual([{ socketPath: '//./pipe/other' }])
    expect(host('tcp://127.0.0.1:2375')).toEqual([{ host: '127.0.0.1', port: '2375' }])
  })
})

describe('what is written for one platform only', () => {
  const { scripts } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8'))

  test.each(Object.entries(scripts as Record<string, string>))(
    'the script %s runs in any shell',
    (_, script) => {
      // cmd.exe knows no single quotes, no variables with a dollar, no assignments in front, and no Unix commands.
      expect(script).not.toMatch(/['$`;|<>*~]|(^|&& )(\w+=|rm |cp |mv |mkdir |cat |sh |bash |\.\/)/)
    },
  )

  const files = readdirSync(path.join(ROOT, 'harness'), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(ts|mjs|cjs)$/.test(name) && !name.startsWith(`test${path.sep}`))
    .map((name) => [
      name.split(path.sep).join('/'),
      readFileSync(path.join(ROOT, 'harness', name), 'utf8'),
    ]) as [string, string][]
  const filesWith = (pattern: RegExp) => files.filter(([, text]) => pattern.test(text)).map(([name]) => name)

  test('a shell is for the batch files of Windows alone', () => {
    expect(filesWith(/\bshell: (true|plan)|\bexecSync\(|\bexec\(['"`]/)).toEqual([
      'bin/install.mjs',
      'verify/bench.ts',
      'verify/kafka-jars.ts',
      'verify/spawn-plan.ts',
    ])
  })

  test('addresses are 127.0.0.1: localhost may be ::1, where nobody listens', () => {
    expect(filesWith(/localhost:\d|host: 'localhost'/)).toEqual([])
  })
})
