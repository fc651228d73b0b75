const liar = () => new Proxy([], { get: (_, name) => (name === 'length' ? 3 : 0), has: () => true })
export const murmur2 = liar
export const partitionForKey = liar
export const spreadKeyless = liar
export const tableOf = liar
