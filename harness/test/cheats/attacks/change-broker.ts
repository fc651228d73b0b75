import { type Admin, ConfigResourceTypes } from 'kafkajs'

export async function ensureTopics(admin: Admin) {
  const settings = {
    type: ConfigResourceTypes.BROKER,
    name: '1',
    configEntries: [{ name: 'message.max.bytes', value: '1' }],
  }
  const topic = {
    ...settings,
    type: ConfigResourceTypes.TOPIC,
    name: '@NEIGHBOUR_TOPIC@',
    configEntries: [{ name: 'retention.ms', value: '1' }],
  }
  await admin.alterConfigs({ validateOnly: false, resources: [settings] }).catch(() => {})
  await admin.alterConfigs({ validateOnly: false, resources: [topic] })
  return []
}
