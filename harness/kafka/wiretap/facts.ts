import { groupTellers } from './group-facts.ts'
import type { Exchange } from './journal.ts'
import { outcome, type Teller } from './telling.ts'
import { topicTellers } from './topic-facts.ts'
import { transactionTellers } from './transaction-facts.ts'

const tellers = new Map<string, Teller>(
  [...topicTellers, ...groupTellers, ...transactionTellers].map((one) => [one.api, one]),
)

/** The facts of one exchange, one line each, without the API's name. None: there is nothing to tell a learner. */
export function factsOf(exchange: Exchange): string[] {
  if (exchange.unread !== undefined) return [exchange.unread]
  const teller = tellers.get(exchange.api)
  return teller ? teller.tell(exchange) : [outcome(exchange) || '-> answered']
}
