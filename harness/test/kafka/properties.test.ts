import { expect, test } from 'vitest'
import { PropertiesError, parseProperties } from '../../kafka/properties.ts'

// Each row was read by java.util.Properties, too, with the same outcome.
test.each<[string, [string, string][]]>([
  [
    'a=1\nb:2\nc 3\n',
    [
      ['a', '1'],
      ['b', '2'],
      ['c', '3'],
    ],
  ],
  [
    '  a \t=\t 1 \r\n\r\nb=2',
    [
      ['a', '1 '],
      ['b', '2'],
    ],
  ],
  ['# a=1\n ! b=2\nc=3#4', [['c', '3#4']]],
  ['a=one \\\n   two\\\n\tthree', [['a', 'one twothree']]],
  [
    'a=1\\\\\nb=2',
    [
      ['a', '1\\'],
      ['b', '2'],
    ],
  ],
  ['a=1\\\n# no comment', [['a', '1# no comment']]],
  ['# a \\\nb=2', [['b', '2']]],
  ['a\\ b\\=c=d', [['a b=c', 'd']]],
  ['a\\u0062=\\u00e9\\t\\q', [['ab', 'é\tq']]],
  ['a==1', [['a', '=1']]],
  ['a', [['a', '']]],
  ['=1', [['', '1']]],
  [
    'a=1\ra=2',
    [
      ['a', '1'],
      ['a', '2'],
    ],
  ],
])('%j', (text, entries) => {
  expect(parseProperties(text).map(({ key, value }) => [key, value])).toEqual(entries)
})

test('an entry is known by the line that it begins on', () => {
  expect(parseProperties('# one\na=1 \\\n 2\n\nb=3').map(({ line }) => line)).toEqual([2, 5])
})

test('an escape that is none is an error with its line', () => {
  expect(() => parseProperties('a=1\nb=\\u12')).toThrow(PropertiesError)
  expect(() => parseProperties('a=1\nb=\\u12')).toThrow(expect.objectContaining({ line: 2 }))
})
