import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bundle } from '../../bin/bundle.mjs'
import { DEMOS, findDemo, scenesOf } from '../../demo/demos.ts'
import { captionLines, chartLines, momentLine, openingLines } from '../../demo/lines.ts'
import type { MomentKind } from '../../demo/moments.ts'
import { page } from '../../demo/page.ts'
import { runDemo, type Told } from '../../demo/run-demo.ts'
import { startFor } from '../../demo/three-nodes.ts'
import { openBackstage } from '../../run/backstage.ts'
import { canTest } from '../kafka/clients/program.ts'
import { findBrowser, withPage } from './browser.ts'

/* Every demo is played once, by real clients on the broker that WORKBOOK_TEST_BROKER names, or on the embedded one. */

const ROOT = fileURLToPath(new URL('../../..', import.meta.url)).replace(/[\\/]$/, '')
const BROKER = process.env.WORKBOOK_TEST_BROKER ?? 'embedded'
/** Most of a demo is waiting, so some go side by side. */
const SIDE_BY_SIDE = [
  ['same-key', 'one-group', 'second-group', 'nothing-arrives'],
  ['kill-one', 'lag'],
  ['replay', 'failover'],
]
const told = new Map<string, Told>()

async function play(name: string, built: string): Promise<void> {
  const demo = findDemo(name)
  const onProgress = () => {}
  const broker = await startFor(demo, demo.nodes > 1 ? 'embedded' : BROKER, { root: ROOT, onProgress })
  try {
    const backstage = await openBackstage({ root: ROOT, built, broker, onProgress })
    try {
      const audience = { say: async () => {}, see: () => {} }
      told.set(name, await runDemo(demo, { root: ROOT, backstage, cluster: broker }, audience))
    } finally {
      await backstage.close()
    }
  } finally {
    await broker.stop()
  }
}

beforeAll(async () => {
  const { dir } = await bundle(ROOT)
  await Promise.all(
    SIDE_BY_SIDE.map(async (names) => {
      for (const name of names) await play(name, dir)
    }),
  )
}, 180_000)

function toldOf(name: string): Told {
  return told.get(name) as Told
}

/** What programs of this name did, in words. */
function did(name: string, kind: MomentKind, who?: string): string[] {
  return toldOf(name)
    .moments.filter((one) => one.kind === kind && (who === undefined || one.who === who))
    .map(({ text }) => text)
}

/** `ORD-001` of what a moment says. */
function keysOf(texts: string[]): string[] {
  return texts.map((text) => /ORD-\d+/.exec(text)?.[0] ?? 'no key')
}

test('every demo is there once, with its programs', () => {
  expect(SIDE_BY_SIDE.flat().sort()).toEqual(DEMOS.map(({ name }) => name).sort())
  for (const demo of DEMOS) expect(existsSync(scenesOf(demo, ROOT))).toBe(true)
})

test('same-key: a key has one partition, ORD-001 and ORD-003 share theirs, no key has several', () => {
  const places = new Map<string, Set<number | null>>()
  for (const { label, partition } of toldOf('same-key').moments) {
    places.set(label, new Set([...(places.get(label) ?? []), partition]))
  }
  expect(places.get('ORD-001')?.size).toBe(1)
  expect(places.get('ORD-003')).toEqual(places.get('ORD-001'))
  expect(places.get('ORD-002')).not.toEqual(places.get('ORD-001'))
  expect(places.get('no key')?.size).toBe(3)
})

test('one-group: each of nine orders comes to one member, and the fourth member has nothing', () => {
  expect(keysOf(did('one-group', 'got')).sort()).toEqual(
    Array.from({ length: 9 }, (_, index) => `ORD-00${index + 1}`),
  )
  expect(did('one-group', 'owns', 'ann')[0]).toBe('partition 0, 1, 2')
  expect(did('one-group', 'owns').filter((text) => text === 'no partition')).toHaveLength(1)
})

test('second-group: both groups get everything', () => {
  const all = ['ORD-001', 'ORD-002', 'ORD-003', 'ORD-004', 'ORD-005']
  expect(keysOf(did('second-group', 'got', 'inventory')).sort()).toEqual(all)
  expect(keysOf(did('second-group', 'got', 'analytics')).sort()).toEqual(all)
})

test('kill-one: after a kill nobody owns the partition until the session is over, and nothing is lost', () => {
  const { owners, moments } = toldOf('kill-one')
  const departures = owners.flatMap((chart) => chart.departures)
  expect(departures.map(({ how }) => how)).toEqual(['left', 'gone'])
  // The last heartbeat was at most 300 ms before the end.
  expect(departures[1]?.unownedMs).toBeGreaterThan(2500)
  expect(moments.map(({ kind }) => kind)).toContain('gone')
  expect(new Set(keysOf(did('kill-one', 'got'))).size).toBe(6)
})

test('nothing-arrives: a commit comes before the setting, and the setting before nothing', () => {
  expect(did('nothing-arrives', 'begins', 'late')).toEqual(['partition 0  from offset 3'])
  expect(keysOf(did('nothing-arrives', 'got', 'late'))).toEqual(['ORD-004'])
  expect(did('nothing-arrives', 'begins', 'early')).toEqual(['partition 0  from offset 0'])
  expect(did('nothing-arrives', 'got', 'early')).toHaveLength(4)
  expect(did('nothing-arrives', 'begins', 'again')).toEqual(['partition 0  from offset 4'])
  expect(did('nothing-arrives', 'got', 'again')).toEqual([])
})

test('lag: it grows to some dozens, and ends at nothing', () => {
  const { lag } = toldOf('lag')
  expect(Math.max(...lag.map((one) => one.lag))).toBeGreaterThan(50)
  expect(lag.at(-1)?.lag).toBe(0)
  expect(did('lag', 'owns', 'help')).toHaveLength(1)
})

test('replay: the same records with the same offsets, twice', () => {
  const first = did('replay', 'got', 'report')
  expect(keysOf(first)).toEqual(['ORD-001', 'ORD-002', 'ORD-003', 'ORD-004', 'ORD-005'])
  expect(did('replay', 'got', 'repaired')).toEqual(first)
})

test('failover: another broker leads, and all twelve orders are there', () => {
  const stopped = toldOf('failover').moments.find(({ kind }) => kind === 'gone')?.who
  const [{ partition } = {}] = toldOf('failover').moments.filter(({ kind }) => kind === 'sent')
  const leaders = toldOf('failover').moments.filter(
    (one) => one.kind === 'leads' && one.partition === partition,
  )
  expect(leaders[0]?.who).toBe(stopped)
  expect(leaders.at(-1)?.who).not.toBe(stopped)
  expect(leaders.at(-1)?.text).toMatch(/in sync: \d \d$/)
  const stored = did('failover', 'sent').filter((text) => /offset \d+$/.test(text))
  expect(new Set(keysOf(stored)).size).toBe(12)
})

test('a projector with 80 columns has room for every line', () => {
  const look = { colour: false, width: 200, ticks: true }
  for (const one of told.values()) {
    const lines = [
      ...openingLines(one.demo, 'embedded Kafka 4.x', look),
      ...one.captions.flatMap(({ text }, index) => captionLines(index + 1, text, look)),
      ...one.moments.map((moment) => momentLine(moment, look)),
      ...chartLines(one, look),
    ]
    expect(lines.filter((line) => line.length > 80)).toEqual([])
  }
})

const browser = findBrowser()
const haveBrowser = canTest('browser (CHROME, or chromium on the path)', browser !== null)
describe.skipIf(!haveBrowser)('the page of all demos, in a real browser', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'workbook-page-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  test('fits, can be read from the last row, loads nothing, and has a light and a dark side', async () => {
    const file = path.join(folder, 'shown.html')
    writeFileSync(file, page([...told.values()].map((one) => ({ told: one, broker: 'embedded Kafka 4.x' }))))
    const seen = await withPage(browser as string, pathToFileURL(file).href, 1280, async (shown) => {
      const ground = () => shown.evaluate<string>('getComputedStyle(document.body).backgroundColor')
      await shown.prefer('light')
      const light = await ground()
      await shown.prefer('dark')
      return { light, dark: await ground(), ...(await shown.evaluate<Measured>(MEASURE)) }
    })
    expect(seen.demos).toBe(DEMOS.length)
    expect(seen.tooWide).toBe(0)
    expect(seen.outside).toEqual([])
    expect(seen.covered).toEqual([])
    expect(seen.smallest).toBeGreaterThanOrEqual(13)
    expect(seen.loaded).toEqual([])
    expect([seen.light, seen.dark]).toEqual(['rgb(255, 255, 255)', 'rgb(13, 17, 23)'])
  })
})

interface Measured {
  demos: number
  /** Pixels that the page is wider than its window. */
  tooWide: number
  /** Words of a picture that lie outside of it. */
  outside: string[]
  /** Words that cover each other. */
  covered: string[]
  /** Pixels of the smallest letters in a picture. */
  smallest: number
  /** Addresses that were loaded. */
  loaded: string[]
}

const MEASURE = `(() => {
  const words = [...document.querySelectorAll('svg')].map((svg) => [svg, [...svg.querySelectorAll('text')]])
  const outside = [], covered = []
  let smallest = Infinity
  for (const [svg, texts] of words) {
    const frame = svg.getBoundingClientRect()
    const scale = frame.width / svg.viewBox.baseVal.width
    const boxes = texts.map((text) => [text.textContent, text.getBoundingClientRect()])
    for (const text of texts) smallest = Math.min(smallest, parseFloat(getComputedStyle(text).fontSize) * scale)
    for (const [word, box] of boxes)
      if (box.left < frame.left || box.right > frame.right + 0.5 || box.bottom > frame.bottom) outside.push(word)
    for (const [a, one] of boxes) for (const [b, other] of boxes) {
      const width = Math.min(one.right, other.right) - Math.max(one.left, other.left)
      const height = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top)
      if (one !== other && one.left <= other.left && width > 1 && height > 6) covered.push(a + ' | ' + b)
    }
  }
  return {
    demos: words.length,
    tooWide: Math.max(0, document.documentElement.scrollWidth - innerWidth),
    outside, covered, smallest,
    loaded: performance.getEntriesByType('resource').map(({ name }) => name),
  }
})()`
