const holes = () => new Array(4_294_967_295)
export const murmur2 = holes
export const spreadKeyless = holes
export const tableOf = holes
