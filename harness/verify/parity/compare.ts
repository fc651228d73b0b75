import type { Step } from './transcript.ts'

/** One place where two transcripts of a sequence are not the same. */
export interface Difference {
  sequence: string
  /** Which step, counted from 1, and its request. */
  step: number
  request: string
  /** `.responses[0].partitions[1].errorCode`; empty for the whole answer. */
  path: string
  embedded: unknown
  kafka: unknown
}

/** What stands for a step, field or item that is not there. */
export const MISSING = 'nothing'

/** All differences of one sequence, field by field and in the order of the wire. */
export function compareSteps(
  sequence: string,
  embedded: readonly Step[],
  kafka: readonly Step[],
): Difference[] {
  const length = Math.max(embedded.length, kafka.length)
  return Array.from({ length }, (_, index) =>
    compareStep(sequence, index, embedded[index], kafka[index]),
  ).flat()
}

/** The differences of one step, which stands at `index` of its sequence. */
export function compareStep(
  sequence: string,
  index: number,
  embedded: Step | undefined,
  kafka: Step | undefined,
): Difference[] {
  const request = kafka?.request ?? embedded?.request ?? ''
  const at = { sequence, step: index + 1, request }
  if (embedded?.request !== kafka?.request) {
    return [{ ...at, path: '', embedded: embedded?.request ?? MISSING, kafka: kafka?.request ?? MISSING }]
  }
  return compareValues(embedded?.answer, kafka?.answer, '').map((found) => ({ ...at, ...found }))
}

type Found = Pick<Difference, 'path' | 'embedded' | 'kafka'>

function compareValues(embedded: unknown, kafka: unknown, path: string): Found[] {
  if (Array.isArray(embedded) && Array.isArray(kafka)) {
    const length = Math.max(embedded.length, kafka.length)
    return Array.from({ length }, (_, index) =>
      compareValues(present(embedded, index), present(kafka, index), `${path}[${index}]`),
    ).flat()
  }
  if (isObject(embedded) && isObject(kafka)) {
    const names = [...new Set([...Object.keys(kafka), ...Object.keys(embedded)])]
    return names.flatMap((name) =>
      compareValues(present(embedded, name), present(kafka, name), `${path}.${name}`),
    )
  }
  return embedded === kafka ? [] : [{ path, embedded, kafka }]
}

function present(values: object, key: string | number): unknown {
  return key in values ? (values as Record<string | number, unknown>)[key] : MISSING
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** One line for the screen. */
export function showDifference({ sequence, step, request, path, embedded, kafka }: Difference): string {
  const where = `${sequence}, step ${step}, ${request}${path && ` ${path}`}`
  return `${where}: embedded ${JSON.stringify(embedded)}, Kafka ${JSON.stringify(kafka)}`
}
