// Figures as the page lays them out: clauses down, agencies across.
import type { Schemas } from '../../shared/api'

export type Figures = Schemas['Figures']
export type Clause = Schemas['Clause']
export type Figure = Schemas['Figure']

export interface Matrix {
  agencies: { code: string; name: string; invented: boolean }[]
  clauses: { id: string; name: Clause['name']; cells: (Clause | null)[] }[]
}

export function matrixOf(figures: Figures): Matrix {
  const agencies: Matrix['agencies'] = []
  const clauses: Matrix['clauses'] = []
  for (const one of figures.clauses) {
    let column = agencies.findIndex((agency) => agency.code === one.agency)
    if (column < 0) column = agencies.push({ code: one.agency, name: one.agency_name ?? one.agency, invented: one.agency_invented ?? false }) - 1
    let row = clauses.find((clause) => clause.id === one.id)
    if (!row) clauses.push((row = { id: one.id, name: one.name, cells: [] }))
    row.cells[column] = one
  }
  for (const row of clauses) row.cells = agencies.map((_, column) => row.cells[column] ?? null)
  return { agencies, clauses }
}

/** The clause to begin with: the one that is asked for, else the one with most numbers (the claim with most to look at). */
export function clauseToShow(figures: Figures, id: string | undefined, agency: string | undefined): Clause | null {
  const own = figures.clauses.filter((one) => !agency || one.agency === agency)
  return own.find((one) => one.id === id) ?? [...own].sort((a, b) => b.items.length - a.items.length)[0] ?? null
}

/** What it pays: the amount that is due, or would be. */
export function awardOf(clause: Clause): number | null {
  return clause.state === 'met' ? clause.amount_fen : (clause.award_fen ?? null)
}

/** Items that are not met, with what is missing of each. */
export function missingOf(clause: Clause): Figure[] {
  return clause.items.filter((item) => !item.met)
}
