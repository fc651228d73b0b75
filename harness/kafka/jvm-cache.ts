import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import type { JavaWork } from './java-process.ts'
import type { JvmNode } from './jvm-nodes.ts'
import { javaFile, type KafkaHome } from './kafka-home.ts'

/** What `kafka.tools.StorageTool format` writes; a node that runs does not change them. */
const STORAGE_FILES = ['meta.properties', 'bootstrap.checkpoint']

/** What the first start of Kafka leaves for the next ones, so that they are quicker. */
export interface JvmCache {
  /** Gives the node a formatted folder; false when there is none yet. */
  giveStorage(node: JvmNode): boolean
  /** Keeps the formatted folder of a node that is up. */
  keepStorage(node: JvmNode): void
  /** The archive of Kafka's loaded classes, as options of Java; or how this node is to make it, when `mayMake` allows it. */
  classes(node: JvmNode, mayMake: boolean): { options: string[]; archive?: JavaWork['archive'] }
}

/**
 * The cache of one Kafka under one Java, in `.workbook/jvm/`. In a workbook that cannot be written to nothing is kept, and
 * every start is as slow as the first one. Class data sharing: JEP 310, JEP 350 (an archive is made when Java ends). Java
 * itself looks whether an archive fits its build and the jars, and goes without where it does not.
 */
export function openJvmCache(root: string, home: KafkaHome): JvmCache {
  const folder = path.join(root, '.workbook', 'jvm', `kafka-${home.version}-${keyOf(home)}`)
  const archive = path.join(folder, 'classes.jsa')
  const storageOf = ({ id }: JvmNode) => path.join(folder, `node-${id}`)
  return {
    giveStorage(node) {
      const storage = storageOf(node)
      if (!fs.existsSync(storage)) return false
      fs.cpSync(storage, dataOf(node), { recursive: true })
      return true
    },
    keepStorage(node) {
      if (fs.existsSync(storageOf(node))) return
      quietly(() => {
        fs.mkdirSync(folder, { recursive: true })
        const made = fs.mkdtempSync(path.join(folder, 'new-'))
        try {
          for (const name of STORAGE_FILES)
            fs.copyFileSync(path.join(dataOf(node), name), path.join(made, name))
          // It fails when somebody was quicker, who has the same.
          fs.renameSync(made, storageOf(node))
        } finally {
          fs.rmSync(made, { recursive: true, force: true })
        }
      })
    },
    classes(node, mayMake) {
      if (fs.existsSync(archive)) return { options: [`-XX:SharedArchiveFile=${archive}`] }
      if (!mayMake || process.platform === 'win32') return { options: [] }
      const made = path.join(node.folder, 'classes.jsa')
      const options = [`-XX:ArchiveClassesAtExit=${made}`]
      return quietly(() => fs.mkdirSync(folder, { recursive: true }))
        ? { options, archive: { made, kept: archive } }
        : { options: [] }
    },
  }
}

function dataOf({ folder }: JvmNode): string {
  return path.join(folder, 'data')
}

/** Another Java, or another place of the jars, has a cache of its own. */
function keyOf({ classPath }: KafkaHome): string {
  const java = javaFile()
  const stamp = java === null ? '' : `${java} ${fs.statSync(java).mtimeMs}`
  return createHash('sha256').update(`${classPath}\n${stamp}`).digest('hex').slice(0, 8)
}

/** What is kept only makes the next start quicker: a failure says nothing. Returns whether it went well. */
function quietly(act: () => void): boolean {
  try {
    act()
    return true
  } catch {
    return false
  }
}
