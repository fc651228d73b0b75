// A promise to everybody who awaits it, and it never resolves.
// biome-ignore lint/suspicious/noThenProperty: the attack
export const encode = () => ({ then() {} })
export const produceEvent = encode
