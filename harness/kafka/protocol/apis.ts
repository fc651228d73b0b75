import type { AnyApi } from './api.ts'
import { Produce } from './api/00-produce.ts'

/** Every API in the grammar, by key. */
export const APIS: ReadonlyMap<number, AnyApi> = new Map([Produce].map((one) => [one.key, one as AnyApi]))
