/** The frame that came with the page is on the screen: whatever takes the processor for itself begins behind that. */
export function painted(): Promise<void> {
  if (document.visibilityState === 'hidden') return Promise.resolve() // nothing is painted there, and nobody waits for it
  return new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)))
}

/** The frame has the head of the page that comes up with nothing behind #: it is not for those who asked for another one. */
export function tidyFrame(first: string): void {
  const asked = location.hash.replace(/^#?\/?/, '')
  if (asked && asked !== first) document.querySelector('#app .first')?.remove()
}
