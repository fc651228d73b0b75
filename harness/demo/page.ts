import type { Told } from './run-demo.ts'
export function page(_told: { told: Told; broker: string }[]): string {
  return ''
}
