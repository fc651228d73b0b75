/** Everything that a check file or a scenes file may import: `#workbook/check`. */
export type { BookEvent } from '#bookstore'
export { order } from '#bookstore'
export { checksFor } from './checks-for.ts'
export type { Stage } from './stage.ts'
export { mistake } from './mistake.ts'
