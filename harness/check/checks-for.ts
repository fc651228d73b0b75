import type { CheckFunction } from './fixtures.ts'
export function checksFor<T>(_url: string, _options: { deadlineMs?: number; partitions?: number } = {}): CheckFunction<T> {
  throw new Error('being written')
}
