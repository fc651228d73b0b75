import { api } from '../api.ts'
import {
  array,
  bool,
  int8,
  int16,
  int32,
  nullableArray,
  nullableString,
  since,
  string,
  struct,
} from '../codec.ts'

/**
 * Versions 1 to 4 (KIP-133). Version 1 brought where a value comes from and its synonyms (KIP-226), 2 throttling after the
 * answer (KIP-219), 3 type and documentation (KIP-569), 4 compact lengths (KIP-482). `resourceType` 2 is a topic,
 * 4 a broker; `configSource` 1 is the topic's own, 4 the broker's file, 5 the default.
 */
export const DescribeConfigs = api(32, 'DescribeConfigs', [1, 4], {
  flexibleFrom: 4,
  request: struct({
    resources: array(
      struct({ resourceType: int8, resourceName: string, configurationKeys: nullableArray(string) }),
    ),
    includeSynonyms: bool,
    includeDocumentation: since(3, bool),
  }),
  response: struct({
    throttleTimeMs: int32,
    results: array(
      struct({
        errorCode: int16,
        errorMessage: nullableString,
        resourceType: int8,
        resourceName: string,
        configs: array(
          struct({
            name: string,
            value: nullableString,
            readOnly: bool,
            configSource: int8,
            isSensitive: bool,
            synonyms: array(struct({ name: string, value: nullableString, source: int8 })),
            configType: since(3, int8),
            documentation: since(3, nullableString),
          }),
        ),
      }),
    ),
  }),
})
