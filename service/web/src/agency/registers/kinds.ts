// The registers of the desk: what each is asked by, and which of its fields its list shows at first.
export type Kind = 'patents' | 'enterprises' | 'experts' | 'institutions' | 'needs'
export type Row = Record<string, unknown>

interface Filter {
  field: string
  values?: readonly string[] // one of these; else a text
}

interface Register {
  one: string // the kind, as papers and batches name it
  columns: readonly string[] // all that a list can show
  first: readonly string[] // those that it shows until somebody chooses
  filters: readonly Filter[]
  key: (row: Row) => string
  title: (row: Row) => string
}

const text = (value: unknown) => (typeof value === 'string' ? value : '')

export const registers: Record<Kind, Register> = {
  patents: {
    one: 'patent',
    columns: ['title', 'application_number', 'publication_number', 'type', 'legal_status', 'applicants', 'assignees', 'inventors', 'ipc', 'application_date',
      'publication_date', 'grant_date', 'region', 'agent_institution', 'keywords', 'offer', 'held_since', 'recorded_at'],
    first: ['title', 'application_number', 'type', 'legal_status', 'applicants', 'application_date'],
    filters: [
      { field: 'type', values: ['invention', 'utility_model', 'design'] },
      { field: 'legal_status', values: ['granted', 'pending', 'lapsed', 'expired', 'rejected', 'withdrawn'] },
    ],
    key: (row) => text(row.application_number) || text(row.publication_number),
    title: (row) => text(row.title) || text(row.application_number) || text(row.publication_number),
  },
  enterprises: {
    one: 'enterprise',
    columns: ['name', 'uscc', 'division_code', 'industry', 'products', 'qualifications', 'affiliates', 'push', 'held_since', 'recorded_at'],
    first: ['name', 'uscc', 'division_code', 'products', 'qualifications'],
    filters: [{ field: 'division_code' }, { field: 'industry' }],
    key: (row) => text(row.uscc),
    title: (row) => text(row.name),
  },
  experts: {
    one: 'expert',
    columns: ['name', 'employer', 'title', 'fields', 'ipc', 'consent_date', 'held_since', 'recorded_at'],
    first: ['name', 'employer', 'title', 'fields'],
    filters: [{ field: 'employer' }],
    key: (row) => `${text(row.name)}/${text(row.employer)}`,
    title: (row) => text(row.name),
  },
  institutions: {
    one: 'institution',
    columns: ['name', 'uscc', 'kind', 'code', 'services', 'division_code', 'held_since', 'recorded_at'],
    first: ['name', 'uscc', 'kind', 'services'],
    filters: [{ field: 'kind', values: ['patent_agency', 'law', 'valuation', 'finance', 'testing', 'incubation', 'other'] }, { field: 'division_code' }],
    key: (row) => text(row.uscc),
    title: (row) => text(row.name),
  },
  needs: {
    one: 'need',
    columns: ['source_id', 'title', 'enterprise_uscc', 'cooperation', 'budget_fen', 'valid_from', 'valid_to', 'state', 'ipc', 'accepted_date', 'recorded_at'],
    first: ['source_id', 'title', 'state', 'budget_fen', 'valid_to'],
    filters: [{ field: 'state', values: ['submitted', 'accepted', 'rejected', 'closed'] }, { field: 'enterprise_uscc' }],
    key: (row) => text(row.source_id),
    title: (row) => text(row.title),
  },
}

export const kinds = Object.keys(registers) as Kind[]
