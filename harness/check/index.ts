/** Everything that a check file may import from the harness: `#workbook/check`. Scenes import only its types. */

export type { Pause } from '../answer/pauses.ts'
export type { Stage } from '../answer/stage.ts'
export type { Failover } from '../report/failover.ts'
export { checksFor } from './checks-for.ts'
export type { TopicView } from './fixtures.ts'
export { mistake } from './mistake.ts'
export type { Playing } from './playing.ts'
