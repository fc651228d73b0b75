export const produceEvent = async (_: unknown, topic: string) => ({ topic, partition: 0, offset: '0' })
