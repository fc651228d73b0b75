import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

/* The map of the code, harness/README.md, names what is there. */

const HARNESS = fileURLToPath(new URL('../..', import.meta.url))
const MAP = readFileSync(path.join(HARNESS, 'README.md'), 'utf8')

test('every file and folder that the map names is there', () => {
  const named = [...MAP.matchAll(/`([\w./-]+(?:\.ts|\.mjs|\.json|\/))`/g)].map(([, name]) => name as string)
  const places = [HARNESS, path.dirname(HARNESS)]
  // The first run of a command makes it.
  const later = ['.workbook/']
  const lost = named.filter(
    (name) =>
      !name.includes('NN') &&
      !later.includes(name) &&
      !places.some((place) => existsSync(path.join(place, name))),
  )
  expect(named.length).toBeGreaterThan(40)
  expect(lost).toEqual([])
})

test('every room has a row, and every row a room', () => {
  const rows = [...MAP.matchAll(/^\| `([a-z]+)\/` /gm)].map(([, room]) => room as string)
  const rooms = readdirSync(HARNESS, { withFileTypes: true }).flatMap((one) =>
    one.isDirectory() ? one.name : [],
  )
  expect(rows.sort()).toEqual(rooms.sort())
})

test('the rows stand in the order that the house test holds', () => {
  const [, list = ''] =
    /const ROOMS = \[([^\]]+)\]/.exec(readFileSync(path.join(HARNESS, 'test', 'house.test.ts'), 'utf8')) ?? []
  const order = [...list.matchAll(/'(\w+)'/g)].map(([, room]) => room as string)
  const rows = [...MAP.matchAll(/^\| `([a-z]+)\/` /gm)].map(([, room]) => room as string)
  expect(rows.filter((room) => order.includes(room))).toEqual(order.filter((room) => rows.includes(room)))
})
