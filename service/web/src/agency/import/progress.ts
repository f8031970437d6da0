// How far a load has come, as the service tells it (server-sent events). The load's own answer is what counts: where no events come,
// nothing is shown but that it goes on.
export interface Progress {
  state: 'waiting' | 'loading' | 'done' | 'failed'
  rows: number
  lines: number
  lines_total: number
}

/** Tells until it is over, or until the function that comes back is called. */
export function watchLoad(name: string, tell: (progress: Progress) => void): () => void {
  const source = new EventSource(new URL(`./v1/progress/${encodeURIComponent(name)}`, location.href))
  source.onmessage = (event: MessageEvent<string>) => {
    const progress = JSON.parse(event.data) as Progress
    tell(progress)
    if (progress.state === 'done' || progress.state === 'failed') source.close()
  }
  return () => source.close()
}
