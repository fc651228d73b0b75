setTimeout(() => {
  throw new Error('after the answer')
}, 20)
