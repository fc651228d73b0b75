import { CONFIG_TYPES, type ConfigDefinition, type Settings } from './config-definition.ts'
import { BROKER_SETTINGS } from './settings.ts'
import { TOPIC_CONFIGS, type TopicConfigDefinition, type TopicConfigs } from './topic-configs.ts'

/** Where a value comes from (DescribeConfigsResponse.ConfigSource). */
const SOURCES = { TOPIC: 1, CLUSTER: 3, BROKER_FILE: 4, DEFAULT: 5 } as const

interface Synonym {
  name: string
  value: string | null
  source: number
}

/** One setting as DescribeConfigs shows it; `synonyms` are all places that set it, the one that holds first. */
export interface ConfigEntry {
  name: string
  value: string
  readOnly: boolean
  configSource: number
  isSensitive: boolean
  synonyms: Synonym[]
  configType: number
  documentation: null
}

export function describeTopicConfigs(configs: TopicConfigs, settings: Settings): ConfigEntry[] {
  return Object.entries(TOPIC_CONFIGS).map(([name, definition]) => {
    const own = configs.own.get(name)
    const synonyms = inheritedFrom(definition, settings)
    if (own !== undefined) synonyms.unshift({ name, value: own, source: SOURCES.TOPIC })
    return entry(name, configs.get(name), definition, synonyms, false)
  })
}

/** The values that a topic has without its own, the strongest first. */
function inheritedFrom(
  { setting, isClusterWide, ...definition }: TopicConfigDefinition,
  settings: Settings,
): Synonym[] {
  if (setting === null) return []
  const inherited = settingSynonyms(setting, definition, settings)
  if (isClusterWide)
    inherited.unshift({ name: setting, value: settings[setting] ?? null, source: SOURCES.CLUSTER })
  return inherited
}

function settingSynonyms(name: string, definition: ConfigDefinition, settings: Settings): Synonym[] {
  const value = settings[name]
  const byDefault = { name, value: definition.default, source: SOURCES.DEFAULT }
  if (value === undefined || value === definition.default) return [byDefault]
  return [{ name, value, source: SOURCES.BROKER_FILE }, byDefault]
}

/** What all nodes share (KIP-226): the settings that a fresh cluster keeps there by itself. */
export function describeClusterConfigs(settings: Settings): ConfigEntry[] {
  return Object.values(TOPIC_CONFIGS).flatMap(({ setting, isClusterWide, ...definition }) => {
    if (setting === null || !isClusterWide) return []
    const value = settings[setting] ?? definition.default
    return entry(setting, value, definition, [{ name: setting, value, source: SOURCES.CLUSTER }], false)
  })
}

/** Whether a new cluster sets it for all nodes by itself. */
function isClusterWide(name: string): boolean {
  return Object.values(TOPIC_CONFIGS).some((one) => one.setting === name && one.isClusterWide)
}

/** The settings of the node. All are read-only: they are given when the broker starts. */
export function describeBrokerConfigs(settings: Settings): ConfigEntry[] {
  return Object.entries(BROKER_SETTINGS).map(([name, definition]) => {
    const value = settings[name] ?? definition.default
    const synonyms = settingSynonyms(name, definition, settings)
    if (isClusterWide(name)) synonyms.unshift({ name, value, source: SOURCES.CLUSTER })
    return entry(name, value, definition, synonyms, true)
  })
}

function entry(
  name: string,
  value: string,
  { type }: ConfigDefinition,
  synonyms: Synonym[],
  readOnly: boolean,
): ConfigEntry {
  return {
    name,
    value,
    readOnly,
    configSource: synonyms[0]?.source ?? SOURCES.DEFAULT,
    isSensitive: false,
    synonyms,
    configType: CONFIG_TYPES[type],
    documentation: null,
  }
}
