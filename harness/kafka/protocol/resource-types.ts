/** What a configuration can belong to (org.apache.kafka.common.config.ConfigResource.Type); there are more. */
export const RESOURCE_TYPES = { TOPIC: 2, BROKER: 4 } as const
