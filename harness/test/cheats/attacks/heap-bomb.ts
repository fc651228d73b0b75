export async function produceEvent(): Promise<never> {
  const all: number[][] = []
  for (;;) all.push(new Array(1000).fill(all.length))
}
