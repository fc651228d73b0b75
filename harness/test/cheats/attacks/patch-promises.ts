// biome-ignore lint/suspicious/noThenProperty: the attack
Promise.prototype.then = function (this: Promise<unknown>, resolved) {
  return resolved ? Promise.resolve(resolved(0) as never) : (this as never)
}
