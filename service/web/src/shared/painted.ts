/** The frame that came with the page is on the screen: whatever takes the processor for itself begins behind that. */
export function painted(): Promise<void> {
  if (document.visibilityState === 'hidden') return Promise.resolve() // nothing is painted there, and nobody waits for it
  return new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)))
}
