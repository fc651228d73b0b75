import type { Admin } from 'kafkajs'

export async function ensureTopics(admin: Admin) {
  await admin.deleteTopics({ topics: ['@NEIGHBOUR_TOPIC@'] })
  return []
}
