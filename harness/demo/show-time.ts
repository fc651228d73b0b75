import type { Ownership } from '../result.ts'

/** Time as a class sees it: it begins with the first request, and stands still while somebody talks. Milliseconds. */
export class ShowTime {
  private readonly pauses: { fromMs: number; toMs: number }[] = []
  private readonly beginsAtMs: number

  /** `beginsAtMs`: where in the journal's time the show begins. */
  constructor(beginsAtMs: number) {
    this.beginsAtMs = beginsAtMs
  }

  /** From `fromMs` to `toMs` in the journal's time, somebody talked. Pauses come in order. */
  stoodStill(fromMs: number, toMs: number): void {
    this.pauses.push({ fromMs, toMs })
  }

  /** The show's time of a moment in the journal's. */
  of(atMs: number): number {
    const talked = this.pauses.map(({ fromMs, toMs }) => Math.max(0, Math.min(atMs, toMs) - fromMs))
    return Math.max(0, Math.round(talked.reduce((rest, one) => rest - one, atMs - this.beginsAtMs)))
  }

  /** A chart whose times count from the first request, without the pauses. How long nobody owned a partition stays as it is. */
  ofChart(chart: Ownership): Ownership {
    const of = (ms: number) => this.of(ms + this.beginsAtMs)
    return {
      ...chart,
      fromMs: of(chart.fromMs),
      toMs: of(chart.toMs),
      partitions: chart.partitions.map(({ partition, spans }) => ({
        partition,
        spans: spans.map((span) => ({ ...span, fromMs: of(span.fromMs), toMs: of(span.toMs) })),
      })),
      departures: chart.departures.map((one) => ({ ...one, atMs: of(one.atMs) })),
    }
  }
}
