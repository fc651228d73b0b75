import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fits, readQuantity, readWanted } from '../../quiz/quantity.ts'

describe('what is typed', () => {
  test.each([
    ['15', 15, ''],
    [' +15 ', 15, ''],
    ['-1.5', -1.5, ''],
    ['\u22125', -5, ''],
    ['.5', 0.5, ''],
    ['1e3', 1_000, ''],
    ['1.5E-3', 0.0015, ''],
    ['1_000_000', 1_000_000, ''],
    ['1 000 000', 1_000_000, ''],
    ['1,000', 1_000, ''],
    ['1,000,000', 1_000_000, ''],
    ['-12,345.5', -12_345.5, ''],
    ['1,5', 1.5, ''],
    ['0,125', 0.125, ''],
    ['1234,567', 1_234.567, ''],
    ['1,0000', 1, ''],
    ['7 d', 7, 'd'],
    ['7d', 7, 'd'],
    ['1 000 ms', 1_000, 'ms'],
    ['5 MB / s', 5, 'MB / s'],
    ['50%', 50, '%'],
    ['12 of 15', 12, 'of 15'],
  ])('%s', (text, value, unit) => {
    expect(readQuantity(text)).toEqual({ value, unit })
  })

  test.each(['', ' ', 'many', 'ms 5', '_', '.', '-', '+-5', '1e400', 'NaN', 'Infinity', '±2'])(
    '"%s" is no number',
    (text) => {
      expect(readQuantity(text)).toBeNull()
    },
  )

  test('any number comes back as it was, however its digits are grouped', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e12, max: 1e12 }), fc.constantFrom(',', '_', ' '), (value, mark) => {
        const grouped = value.toLocaleString('en-US').replaceAll(',', mark)
        expect(readQuantity(grouped)).toEqual({ value: value === 0 ? 0 : value, unit: '' })
      }),
    )
  })

  test('a long text is read at once', () => {
    const start = performance.now()
    readQuantity(`${'1'.repeat(20_000)}\n${'1 '.repeat(20_000)}x`)
    expect(performance.now() - start).toBeLessThan(1_000)
  })
})

describe('a key', () => {
  test.each([
    ['15', 15, '', 0],
    ['15 ± 0.5', 15, '', 0.5],
    ['200 ± 2%', 200, '', 4],
    ['-200 ± 2 %', -200, '', 4],
    ['7 d', 7, 'd', 0],
    ['1.5 MB/s ± 0.1', 1.5, 'MB/s', 0.1],
  ])('%s', (text, value, unit, tolerance) => {
    expect(readWanted(text)).toEqual({ value, unit, tolerance })
  })

  test.each(['many', '± 2', '15 ± a few', '15 ± 2 ms', '15 ± %'])('"%s" is none', (text) => {
    expect(readWanted(text)).toBeNull()
  })
})

describe('fitting', () => {
  const isFitting = (given: string, wanted: string, unit: string | null = null) => {
    const [number, key] = [readQuantity(given), readWanted(wanted)]
    if (!number || !key) throw new Error(`${given} or ${wanted} is no number`)
    return fits(number, key, unit)
  }

  test.each([
    ['15', '15', null],
    ['15.0', '15', null],
    ['14.5', '15 ± 0.5', null],
    ['15.5', '15 ± 0.5', null],
    ['0.4', '0.3 ± 0.1', null],
    ['0.2', '0.3 ± 0.1', null],
    ['1.1', '1 ± 10%', null],
    ['604800000', '7 d', 'ms'],
    ['7 d', '604800000', 'ms'],
    ['168 h', '7 d', null],
    ['1 min', '60', 's'],
    ['0.1 s', '100 ms', null],
    ['1 KiB', '1024', 'B'],
    ['1 kB', '1000 B', null],
    ['5000 kB/s', '5', 'MB/s'],
    ['5 MB / s', '5', 'MB/s'],
    ['5 mb/s', '5', 'MB/s'],
    ['5 MB/s', '5 MB/s', null],
    ['3 Records', '3', 'records'],
    ['72.9 %', '72.9', '%'],
    ['72.9 percent', '72.9', '%'],
    ['7 days', '7 d', null],
    ['90 minutes', '1.5 h', null],
    ['3 members', '3', null],
  ])('%s fits %s in %s', (given, wanted, unit) => {
    expect(isFitting(given, wanted, unit)).toBe(true)
  })

  test.each([
    ['14.4999', '15 ± 0.5', null],
    ['15.5001', '15 ± 0.5', null],
    ['15.000001', '15', null],
    ['-15', '15', null],
    ['1.11', '1 ± 10%', null],
    ['7', '7 d', 'ms'],
    ['7 d', '7', null],
    ['7', '7 d', null],
    ['1000 MB', '1', 'KiB'],
    ['5 MB', '5', 'MB/s'],
    ['5 MB/min', '5', 'MB/s'],
    ['5 B', '5', 's'],
    ['5 s', '5', 'B'],
    ['5 apples', '5', 's'],
    ['5 toString', '5', 'ms'],
    ['5 of 7', '5', null],
  ])('%s does not fit %s in %s', (given, wanted, unit) => {
    expect(isFitting(given, wanted, unit)).toBe(false)
  })

  test('both ends of a range count, and nothing beyond', () => {
    const cents = fc.integer({ min: -100_000, max: 100_000 })
    fc.assert(
      fc.property(cents, fc.integer({ min: 0, max: 1_000 }), (middle, off) => {
        const wanted = `${middle / 100} ± ${off / 100}`
        const at = (hundredths: number) => isFitting(`${hundredths / 100}`, wanted)
        expect([middle - off - 1, middle - off, middle, middle + off, middle + off + 1].map(at)).toEqual([
          false,
          true,
          true,
          true,
          false,
        ])
      }),
    )
  })

  test('a unit of another kind never fits, whatever the number', () => {
    const [time, size] = [
      fc.constantFrom('ms', 's', 'min', 'h', 'd'),
      fc.constantFrom('B', 'kB', 'MB', 'GiB'),
    ]
    fc.assert(
      fc.property(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), time, size, (value, mine, other) => {
        const tolerant = { value, unit: other, tolerance: 1e9 }
        expect(fits({ value, unit: mine }, tolerant, null)).toBe(false)
        expect(fits({ value, unit: mine }, { ...tolerant, unit: '' }, other)).toBe(false)
        expect(fits({ value, unit: `${mine}/s` }, { ...tolerant, unit: mine }, null)).toBe(false)
      }),
    )
  })
})
