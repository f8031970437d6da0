// Two readings of a policy's figures side by side.
import type { Clause, Figure, Figures } from '../overview/figures'

export interface Difference {
  clause: Clause // on the later day
  item: Figure
  was: number
  is: number
  wasState: Clause['state']
}

/** Every number of every clause and agency on both days, in the order of the later one. */
export function differencesOf(before: Figures, after: Figures): Difference[] {
  const name = (clause: Clause, item: Figure) => `${clause.id}\t${clause.agency}\t${item.metric}`
  const then = new Map(before.clauses.flatMap((clause) => clause.items.map((item) => [name(clause, item), { clause, item }] as const)))
  return after.clauses.flatMap((clause) =>
    clause.items.map((item) => {
      const old = then.get(name(clause, item))
      return { clause, item, was: old?.item.value ?? 0, is: item.value, wasState: old?.clause.state ?? 'not_met' }
    }),
  )
}
