// What this browser remembers of somebody's choices: never anything secret.
export function kept(name: string): string | null {
  try {
    return localStorage.getItem(`patbridge.${name}`)
  } catch {
    return null // a browser that keeps nothing
  }
}

export function keep(name: string, value: string): void {
  try {
    localStorage.setItem(`patbridge.${name}`, value)
  } catch {
    /* it is forgotten with this page */
  }
}
