export const murmur2 = () => Math.floor(Math.random() * 2 ** 32) - 2 ** 31
export const partitionForKey = (_: string, partitions: number) => Math.floor(Math.random() * partitions)
