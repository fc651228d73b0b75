import { describe, expect, test } from 'vitest'
import { readArguments } from '../../cli/arguments.ts'
import { COMMANDS } from '../../cli/commands.ts'
import { WorkbookError } from '../../errors.ts'

const options = COMMANDS.test?.options ?? {}
const read = (argv: string[], env: Record<string, string> = {}) => readArguments(argv, options, 'test', env)

function hintOf(act: () => unknown): string {
  try {
    act()
  } catch (error) {
    if (error instanceof WorkbookError) return `${error.message} ${error.hint}`
  }
  throw new Error('no WorkbookError')
}

describe('arguments', () => {
  test('after --', () => {
    const args = read(['03', '--answer', 'solution', '--json'])
    expect(args.positionals).toEqual(['03'])
    expect(args.text('answer')).toBe('solution')
    expect(args.flag('json')).toBe(true)
    expect(args.flag('wire')).toBe(false)
  })

  test('an unknown option is named, with the way to the help', () => {
    expect(hintOf(() => read(['03', '--answr', 'x']))).toMatch(/--answr.*npm run workbook -- test --help/s)
  })

  test('an option that is given twice is refused: nobody knows which value is meant', () => {
    expect(hintOf(() => read(['--seed', '1', '--seed=2']))).toMatch(/--seed is given twice.*--seed \w+/)
  })

  test.each(['0', '-1', '1.5', 'many', ''])('--seed %o is refused', (text) => {
    expect(hintOf(() => read([`--seed=${text}`]).count('seed'))).toContain('whole number')
  })
})

describe('flags that npm took for its own', () => {
  test('a value that can be read is used', () => {
    expect(read(['03'], { npm_config_answer: 'solution' }).text('answer')).toBe('solution')
  })

  test('a lost value stops, and the line to type is exact', () => {
    const hint = hintOf(() => read(['03', 'solution'], { npm_config_answer: 'true' }))
    expect(hint).toContain('npm test 03 -- --answer solution')
    expect(hint).toContain('Nothing was judged')
  })

  test('an option that may come several times is read, and named in the line to type', () => {
    const broker = COMMANDS.broker?.options ?? {}
    const readBroker = (argv: string[], env: Record<string, string>) =>
      readArguments(['serve', ...argv], broker, 'broker', env)
    expect(readBroker(['--set', 'a=1', '--set', 'b=2'], {}).texts('set')).toEqual(['a=1', 'b=2'])
    expect(readBroker([], { npm_config_set: 'a=1' }).texts('set')).toEqual(['a=1'])
    const hint = hintOf(() => readBroker(['3', '--set', 'a=1', '--set', 'b=2'], { npm_config_nodes: 'true' }))
    expect(hint).toContain('npm run broker serve -- --nodes 3 --set a=1 --set b=2')
  })

  test('a flag without a value works', () => {
    expect(read(['03'], { npm_config_wire: 'true' }).flag('wire')).toBe(true)
  })

  test('a flag that npm was told not to set is not set', () => {
    expect(read(['03'], { npm_config_wire: '' }).flag('wire')).toBe(false)
  })

  test('what stands after -- wins', () => {
    expect(read(['03', '--answer', 'one'], { npm_config_answer: 'two' }).text('answer')).toBe('one')
  })
})

test('no option has the name of an npm option, but for --json', () => {
  // npm's own options that take a value or change what npm does; from its documentation of `npm config`.
  const npmOptions = [
    'only',
    'before',
    'call',
    'depth',
    'editor',
    'force',
    'global',
    'if-present',
    'include',
    'init',
    'key',
    'location',
  ]
  const ours = Object.values(COMMANDS).flatMap((command) => Object.keys(command.options))
  expect(ours.filter((name) => npmOptions.includes(name))).toEqual([])
})
