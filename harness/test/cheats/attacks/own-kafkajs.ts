import { Kafka } from 'kafkajs'

// A folder node_modules/kafkajs, package.json, .npmrc and vitest.config.ts of its own lie beside every submission.
console.log(String((Kafka as unknown as { own?: string }).own))
