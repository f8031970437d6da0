// What waits for the agency, counted by the service.
import { api, ask } from '../shared/api'
import { useAsk } from '../shared/useAsk'

export function useWaiting() {
  return useAsk(() => ask(api.GET('/v1/today')))
}
