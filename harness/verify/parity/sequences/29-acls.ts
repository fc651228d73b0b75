import { DescribeAcls } from '../../../kafka/protocol/api/29-describe-acls.ts'
import { CreateAcls } from '../../../kafka/protocol/api/30-create-acls.ts'
import { DeleteAcls } from '../../../kafka/protocol/api/31-delete-acls.ts'
import type { Scene } from '../scene.ts'
import { sequencesOf } from '../sequence.ts'
import { servedVersions } from '../served.ts'

const LITERAL = 3

/** Describes, creates and deletes rules for one kind of resource, on a broker without an authorizer. */
async function useAll(
  scene: Scene,
  resourceType: number,
  operation: number,
  permissionType: number,
): Promise<void> {
  const who = { operation, permissionType }
  const filter = {
    resourceTypeFilter: resourceType,
    resourceNameFilter: 'x',
    patternTypeFilter: LITERAL,
    principalFilter: 'User:a',
    hostFilter: null,
    ...who,
  }
  const rule = {
    resourceType,
    resourceName: 'x',
    resourcePatternType: LITERAL,
    principal: 'User:a',
    host: '*',
    ...who,
  }
  for (const version of servedVersions(DescribeAcls)) await scene.peer.ask(DescribeAcls, version, filter)
  for (const version of servedVersions(CreateAcls)) {
    await scene.peer.ask(CreateAcls, version, { creations: [rule, rule] })
  }
  for (const version of servedVersions(DeleteAcls)) {
    await scene.peer.ask(DeleteAcls, version, { filters: [filter, filter] })
  }
}

export const aclsSequences = sequencesOf('29-acls', {
  topic: ['Rules for topics are SECURITY_DISABLED without an authorizer.', (scene) => useAll(scene, 2, 3, 3)],
  group: ['Rules for groups are SECURITY_DISABLED without an authorizer.', (scene) => useAll(scene, 3, 3, 3)],
  cluster: [
    'Rules for the cluster are SECURITY_DISABLED without an authorizer.',
    (scene) => useAll(scene, 4, 5, 3),
  ],
  'transactional-id': [
    'Rules for transactional ids are SECURITY_DISABLED without an authorizer.',
    (scene) => useAll(scene, 5, 4, 3),
  ],
  deny: [
    'Rules that forbid something are SECURITY_DISABLED without an authorizer.',
    (scene) => useAll(scene, 2, 4, 2),
  ],
})
