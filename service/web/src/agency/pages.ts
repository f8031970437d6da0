// The pages of this desk, in the order of its list: names of routes.
export const pages = ['today', 'import', 'leads', 'follow', 'registers', 'progress', 'settings'] as const
