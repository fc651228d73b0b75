import { describe, expect, it } from 'vitest'
import { Nodes } from '../../../kafka/embedded/nodes.ts'
import { Replication } from '../../../kafka/embedded/replication.ts'

/** A partition on nodes 1, 2 and 3; `act('-3 -2 +2')` fences 3, fences 2, and brings 2 back. */
function scene(minInSync = 1) {
  const nodes = new Nodes()
  for (const id of [1, 2, 3]) nodes.register({ id, host: '127.0.0.1', port: 9091 + id })
  const partition = new Replication([2, 3, 1], nodes, () => minInSync)
  function act(steps: string): string {
    for (const step of steps.split(' ')) {
      const id = Number(step.slice(1))
      if (step.startsWith('-')) {
        nodes.fence(id)
        partition.nodeFenced(id)
      } else {
        nodes.unfence(id)
        partition.nodeUnfenced(id)
      }
    }
    return show()
  }
  function show(): string {
    return `leader ${partition.leaderId} epoch ${partition.leaderEpoch} isr ${partition.isr.join()}`
  }
  return { nodes, partition, act, show }
}

describe('a partition of replicas 2, 3, 1', () => {
  it.each([
    ['a follower goes: the leader stays, and so does its epoch', '-1', 'leader 2 epoch 0 isr 2,3'],
    ['the leader goes: the next in-sync replica leads', '-2', 'leader 3 epoch 1 isr 3,1'],
    ['who is down already is passed over', '-3 -2', 'leader 1 epoch 1 isr 1'],
    ['a node that comes back is in sync, and leads nothing', '-2 +2', 'leader 3 epoch 1 isr 1,2,3'],
    ['the last one goes: nobody leads', '-1 -3 -2', 'leader -1 epoch 1 isr '],
    ['only who was in sync at the end may lead', '-1 -3 -2 +3', 'leader -1 epoch 1 isr '],
    ['when it comes, all that are up follow', '-1 -3 -2 +3 +2', 'leader 2 epoch 2 isr 2,3'],
  ])('%s', (_, steps, end) => {
    expect(scene().act(steps)).toBe(end)
  })

  it('a node that left while too few were in sync has all that consumers saw, and may lead (KIP-966)', () => {
    expect(scene(2).act('-1 -3 -2 +3')).toBe('leader 3 epoch 2 isr 3')
    expect(scene(2).act('-1 -3 -2 +1')).toBe('leader -1 epoch 1 isr ')
  })

  it('another minimum makes the controller forget who may lead without being in sync', () => {
    const { act, partition } = scene(2)
    act('-1 -3')
    partition.minInSyncChanged()
    expect(act('-2 +3')).toBe('leader -1 epoch 1 isr ')
  })

  it('never asks for more in-sync replicas than there are', () => {
    const { act, partition } = scene(5)
    expect(partition.isUnderMinIsr).toBe(false)
    act('-1')
    expect(partition.isUnderMinIsr).toBe(true)
  })

  it('says which replicas cannot be had', () => {
    const { act, partition } = scene()
    act('-3')
    expect(partition.offline).toEqual([3])
  })
})

describe('a reassignment of replicas 2, 3, 1', () => {
  function reassignment() {
    const { act, partition, show: showLeader } = scene()
    const show = () => {
      const { replicas, adding, removing } = partition
      return `${showLeader()} of ${replicas.join()} adding ${adding.join()} removing ${removing.join()}`
    }
    const to = (target: number[]) => {
      partition.reassign(target)
      return show()
    }
    return { act, partition, show, to }
  }

  it.each([
    ['to the same', [2, 3, 1], 'leader 2 epoch 0 isr 2,3,1 of 2,3,1 adding  removing '],
    ['to another order moves nobody', [1, 2, 3], 'leader 2 epoch 0 isr 2,3,1 of 1,2,3 adding  removing '],
    ['without a follower begins an epoch', [2, 1], 'leader 2 epoch 1 isr 2,1 of 2,1 adding  removing '],
    ['without the leader elects the first', [1, 3], 'leader 1 epoch 1 isr 3,1 of 1,3 adding  removing '],
  ])('%s', (_, target, end) => {
    expect(reassignment().to(target)).toBe(end)
  })

  it('brings new replicas into sync, and begins no epoch for them', () => {
    const { to } = reassignment()
    to([2])
    expect(to([2, 1])).toBe('leader 2 epoch 1 isr 1,2 of 2,1 adding  removing ')
  })

  it('waits for a replica that is down, and ends when it comes', () => {
    const { act, to, show } = reassignment()
    to([2])
    act('-3')
    expect(to([3])).toBe('leader 2 epoch 1 isr 2 of 3,2 adding 3 removing 2')
    act('+3')
    expect(show()).toBe('leader 3 epoch 2 isr 3 of 3 adding  removing ')
  })

  it('can be taken back meanwhile, which begins an epoch', () => {
    const { act, partition, to, show } = reassignment()
    to([1, 2])
    act('-3')
    expect(to([2, 3])).toBe('leader 2 epoch 1 isr 2,1 of 2,3,1 adding 3 removing 1')
    partition.cancelReassignment()
    expect(show()).toBe('leader 2 epoch 2 isr 2,1 of 2,1 adding  removing ')
  })
})

describe('the controller', () => {
  it('moves when its node is fenced, and stays there', () => {
    const { nodes } = scene()
    expect(nodes.controllerId).toBe(1)
    nodes.fence(1)
    expect(nodes.controllerId).toBe(2)
    nodes.unfence(1)
    expect(nodes.controllerId).toBe(2)
  })

  it('is nowhere while all nodes are fenced', () => {
    const { nodes } = scene()
    for (const id of [1, 2, 3]) nodes.fence(id)
    expect(nodes.controllerId).toBe(-1)
    nodes.unfence(3)
    expect(nodes.controllerId).toBe(3)
  })
})
