import type { Handler } from '../embedded/handler.ts'
import { Heartbeat } from '../protocol/api/12-heartbeat.ts'
import type { ResponseOf } from '../protocol/api.ts'
import type { Exchange } from './journal.ts'
import { oneLine, shorten } from './show-value.ts'
import { strip } from './strip.ts'
import { TopicIds } from './topic-ids.ts'

/** Characters that are shown of what a client calls itself. */
const CLIENT_WIDTH = 30

/**
 * The same handlers of the embedded broker; each tells what it was asked and what it answered, in the words of the wire strip,
 * behind the id of the client: `kcat  Produce  topic letters  partition 1  ...`. Requests without news are not told, and no
 * heartbeat that is as it should be: there is one every few seconds.
 */
export function toldHandlers(handlers: readonly Handler[], tell: (line: string) => void): Handler[] {
  const topicIds = new TopicIds()
  let number = 0

  return handlers.map(({ api, versions, handle }) => {
    async function told(...[request, context]: Parameters<Handler['handle']>): Promise<unknown> {
      const requestAtMs = performance.now()
      const response = await handle(request, context)
      if (response !== null) topicIds.learn(api, response)
      number += 1
      const exchange: Exchange = {
        number,
        lane: '',
        connection: 0,
        clientId: context.clientId,
        api: api.name,
        version: context.apiVersion,
        requestAtMs,
        request: topicIds.nameRequest(api, request),
        response: topicIds.nameAnswer(api, response),
        responseAtMs: response === null ? null : performance.now(),
        fault: null,
      }
      if (isGoodHeartbeat(exchange)) return response
      const client = shorten(oneLine(context.clientId), CLIENT_WIDTH)
      for (const { text } of strip([exchange])) tell([client, api.name, text].filter(Boolean).join('  '))
      return response
    }
    return { api, versions, handle: told }
  })
}

function isGoodHeartbeat({ api, response }: Exchange): boolean {
  return api === Heartbeat.name && (response as ResponseOf<typeof Heartbeat>).errorCode === 0
}
