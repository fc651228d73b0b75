export async function produceEvent(): Promise<never> {
  for (;;);
}
