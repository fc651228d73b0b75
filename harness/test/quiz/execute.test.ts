import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { type EmbeddedBroker, startEmbedded } from '../../kafka/embedded/start.ts'
import { execute } from '../../quiz/execute.ts'
import { keyProblems, programsOf } from '../../quiz/keys.ts'
import { ROOT } from './shipped.ts'
import { quizOf } from './stats/class-of-learners.ts'

const run = (code: string, broker: string | null = null, deadlineMs?: number) =>
  execute({ line: 1, code, needsBroker: broker !== null }, ROOT, broker, deadlineMs)

describe('a program', () => {
  test('gives what it prints, and nothing of its errors', async () => {
    const code = `
      interface Order { id: number }
      const order: Order = { id: 7 }
      console.log(order.id)
      console.error('not this')
      console.log(\`\${await Promise.resolve('later')} ✓\`)`
    expect(await run(code)).toEqual({ output: '7\nlater ✓\n', failure: null })
  })

  test("may import kafkajs, Node's modules and the bookstore", async () => {
    const code = `
      import { readFileSync } from 'node:fs'
      import { Partitioners } from 'kafkajs'
      import * as bookstore from '#bookstore'
      console.log(typeof readFileSync, typeof Partitioners.DefaultPartitioner, Object.keys(bookstore).length > 0)`
    expect(await run(code)).toEqual({ output: 'function function true\n', failure: null })
  })

  test.each([
    [
      'that cannot be compiled',
      'const a = 1\nconst b = (\n',
      /^line 3 of the program: Unexpected end of file/,
    ],
    [
      'with an import of nothing',
      'const a = 1\n\nimport b from "nowhere"\nb(a)',
      /^line 3 of the program: Could not/,
    ],
    [
      'that throws',
      'type A = 1\n\nthrow new Error("why")',
      /^ended with code 1 at line 3: [\s\S]*Error: why/,
    ],
    [
      'that throws in a function',
      'const f = (): void => {\n  throw new Error()\n}\nf()',
      /^ended with code 1 at line 2: /,
    ],
    ['that rejects', 'await Promise.reject(new Error("why"))', /^ended with code 1 at line 1: [\s\S]*why/],
    ['that ends itself', 'process.exitCode = 3', /^ended with code 3: $/],
  ])('%s fails, with its line', async (_, code, failure) => {
    expect(await run(code)).toEqual({ output: '', failure: expect.stringMatching(failure) })
  })

  test('that goes on for ever is ended at its deadline; what it printed is there', async () => {
    const code = 'console.log(1); setInterval(() => {}, 1_000)'
    expect(await run(code, null, 3_000)).toEqual({ output: '1\n', failure: 'was ended after 3 s' })
    const busy = 'for (;;);'
    expect(await run(busy, null, 300)).toEqual({ output: '', failure: 'was ended after 0.3 s' })
  })

  test('that prints without end is ended, and fills no memory', async () => {
    const { output, failure } = await run('for (;;) console.log("x".repeat(1_000))', null, 1_500)
    expect(failure).toBe('was ended after 1.5 s')
    expect(output.length).toBeLessThan(1024 * 1024)
  })

  test('leaves no folder behind', async () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'execute-'))
    for (const name of ['TMPDIR', 'TEMP', 'TMP']) vi.stubEnv(name, folder)
    try {
      expect((await run('console.log(process.argv[1])')).output).toContain(path.basename(folder))
      await run('throw 1')
      await run('(')
      expect(readdirSync(folder)).toEqual([])
    } finally {
      vi.unstubAllEnvs()
      rmSync(folder, { recursive: true, force: true })
    }
  })
})

describe('with a broker', () => {
  let broker: EmbeddedBroker
  beforeAll(async () => {
    broker = await startEmbedded()
  })
  afterAll(() => broker.close())

  const TOPICS = `
    import { Kafka, logLevel } from 'kafkajs'
    const admin = new Kafka({ brokers: [process.env.BROKER ?? ''], logLevel: logLevel.NOTHING }).admin()
    await admin.connect()
    await admin.createTopics({ topics: [{ topic: 'quiz', numPartitions: 3 }] })
    const { topics } = await admin.fetchTopicMetadata({ topics: ['quiz'] })
    console.log(topics[0]?.partitions.length)
    await admin.disconnect()`

  test('the program gets its address', async () => {
    expect(await run('console.log(process.env.BROKER)', 'h:1')).toEqual({ output: 'h:1\n', failure: null })
    expect(await run('console.log(process.env.BROKER)')).toEqual({ output: 'undefined\n', failure: null })
    expect(await run(TOPICS, broker.bootstrap)).toEqual({ output: '3\n', failure: null })
  })

  test('the keys of a quiz are compared with what its programs print', async () => {
    const numeric = (id: string, key: string, code: string) =>
      `## T\n<!-- q id=${id} type=numeric -->\n\nHow many?\n\n| Answer | Credit | Feedback |\n| - | - | - |\n| \`9\` | 0% | a |\n| \`${key}\` | 100% | |\n\n\`\`\`ts key\n${code}\n\`\`\`\n`
    const output = (id: string, key: string, code: string, settings = '') =>
      `## T\n<!-- q id=${id} type=output${settings} -->\n\nWhat?\n\n\`\`\`ts\n${code}\n\`\`\`\n\n\`\`\`output\n${key}\n\`\`\`\n`
    const quiz = quizOf('keys', [
      output('right', 'a\nb', 'console.log("a  \\nb\\n")'),
      output(
        'broker',
        '3',
        TOPICS.replace("'quiz'", "'keys'").replace("['quiz']", "['keys']"),
        ' run=broker',
      ),
      output('wrong', 'a', 'console.log("b")'),
      output('fails', 'a', 'console.log("a")\nthrow 1'),
      numeric('number', '1_000', 'console.log(10 ** 3)'),
      numeric('near', '0.33 ± 0.01', 'console.log(1 / 3)'),
      numeric('other', '8', 'console.log(9)'),
      numeric('none', '8', 'console.log("eight")'),
    ])
    let asked = 0
    const address = async () => {
      asked++
      return broker.bootstrap
    }
    const problems = await keyProblems(quiz, ROOT, address)
    const lineOf = (id: string) => programsOf(quiz).find(({ question }) => question.id === id)?.program.line
    expect(programsOf(quiz)).toHaveLength(8)
    expect(problems).toEqual([
      { line: lineOf('wrong'), level: 'error', rule: 'key', message: 'the program prints:\nb' },
      {
        line: lineOf('fails'),
        level: 'error',
        rule: 'key',
        message: expect.stringMatching(/^the program ended with code 1/),
      },
      {
        line: lineOf('other'),
        level: 'error',
        rule: 'key',
        message: 'the program prints 9, and the key is 8',
      },
      {
        line: lineOf('none'),
        level: 'error',
        rule: 'key',
        message: 'the program prints eight, and the key is 8',
      },
    ])
    expect(asked).toBe(1)
  })
})
