// The pages of this desk, in the order of its list: names of routes.
export const pages = ['overview', 'evidence', 'decisions', 'compare', 'snapshots', 'oddities', 'charts'] as const
