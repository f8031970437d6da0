// Where in the inbox somebody is: what stands behind # in the address, so that "back" works as on any page.
import { ref } from 'vue'

export type Place = { view: 'leads' | 'needs' | 'settings'; push: null } | { view: 'lead'; push: string }

export function readPlace(hash: string): Place {
  const [view, id] = hash.replace(/^#\/?/, '').split('/')
  if (view === 'lead' && id) return { view, push: id }
  return { view: view === 'needs' || view === 'settings' ? view : 'leads', push: null }
}

export const place = ref<Place>(readPlace(location.hash))

addEventListener('hashchange', () => {
  place.value = readPlace(location.hash)
  scrollTo(0, 0)
})
