class Agreeable extends Array<number> {
  override join() {
    return '0,0,1,1,0,2,0,2,0'
  }
  override some() {
    return false
  }
}
export const spreadKeyless = () => new Agreeable(3)
export const partitionForKey = () => new Agreeable(1)
