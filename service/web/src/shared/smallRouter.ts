// What the desks need of vue-router, in its place (vite.config.ts): a few pages with a name each, behind #, with what was asked of them.
// All of vue-router is a seventh of what a desk fetches before anything is seen; this is a fifteenth of that.
import { computed, defineComponent, h, inject, shallowRef, type App, type Component, type ShallowRef } from 'vue'

type Text = Record<string, string>
type Raw = Record<string, unknown>
type Lazy = () => Promise<{ default: Component }>
interface Row {
  path: string // "/evidence/:policy?/:metric?": a word, then names that may be missing
  name?: string
  component?: Component | Lazy
  redirect?: { name: string } // of the row for any other address
}
/** Where to; without a name the page that is shown, with its params. */
interface Target {
  name?: string
  params?: Raw
  query?: Raw
}
interface Place {
  name: string
  params: Text
  query: Text
  fullPath: string
}
interface Router {
  push: (to: Target) => Promise<void>
  replace: (to: Target) => Promise<void>
  isReady: () => Promise<void>
  install: (app: App) => void
  resolve: (to: Target) => Place
  place: ShallowRef<Place>
  page: ShallowRef<Component | null>
}

const key = Symbol('router')

const namesOf = (row: Row) => row.path.split('/').slice(2).map((name) => name.replace(/\W/g, ''))

/** As in an address that somebody can read: blanks are +, and what an address may hold stays as it is. */
const encode = (text: string) => encodeURIComponent(text).replace(/%20/g, '+').replace(/%3A/g, ':').replace(/%2C/g, ',').replace(/%40/g, '@')

function texts(raw: Raw = {}): Text {
  const given = Object.entries(raw).filter(([, value]) => value !== undefined && value !== null)
  return Object.fromEntries(given.map(([name, value]) => [name, String(value)]))
}

function placeOf(row: Row, params: Text, query: Text): Place {
  const values = namesOf(row).map((name) => encodeURIComponent(params[name] ?? ''))
  const path = [row.path.split('/').slice(0, 2).join('/'), ...values].join('/').replace(/\/+$/, '')
  const asked = Object.entries(query).map(([name, value]) => `${encode(name)}=${encode(value)}`)
  return { name: row.name!, params, query, fullPath: path + (asked.length ? `?${asked.join('&')}` : '') }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** What stands behind #; the row for any other address says what an unknown one is. */
function read(rows: readonly Row[]): Place {
  const [path, asked] = location.hash.slice(1).split(/\?(.*)/s) as [string, string?]
  const [, word, ...values] = path.split('/')
  const row = rows.find((one) => one.component && one.path.split('/')[1] === word && values.length <= namesOf(one).length)
  if (!row) return placeOf(rows.find((one) => one.name === rows.find((other) => other.redirect)?.redirect?.name)!, {}, {})
  const params = namesOf(row).flatMap((name, i) => (values[i] ? [[name, decode(values[i])]] : []))
  return placeOf(row, Object.fromEntries(params) as Text, Object.fromEntries(new URLSearchParams(asked ?? '')))
}

async function load(rows: readonly Row[], place: Place): Promise<Component> {
  const page = rows.find((row) => row.name === place.name)!.component!
  return typeof page === 'function' ? (await (page as Lazy)()).default : page
}

export function createRouter({ routes: rows }: { routes: readonly Row[] }): Router {
  const place = shallowRef(read(rows))
  const page = shallowRef<Component | null>(null)
  let latest = 0

  /** The page changes once its part is here, unless somebody has gone elsewhere meanwhile; where it can't be had all stays as it is. */
  async function go(to: Place, write: (hash: string) => void): Promise<void> {
    const mine = ++latest
    const component = await load(rows, to)
    if (mine !== latest) return
    write(`#${to.fullPath}`)
    page.value = component
    place.value = to
  }
  function resolve(to: Target): Place {
    const name = to.name ?? place.value.name
    return placeOf(rows.find((row) => row.name === name)!, to.name ? texts(to.params) : place.value.params, texts(to.query))
  }
  const replaced = (hash: string) => history.replaceState(null, '', hash)
  const ready = go(read(rows), replaced)
  ready.catch(() => null) // whoever waits for it is told
  addEventListener('popstate', () => void go(read(rows), replaced).catch(() => null))
  const router: Router = {
    place,
    page,
    resolve,
    isReady: () => ready,
    push: (to) => go(resolve(to), (hash) => hash === location.hash || history.pushState(null, '', hash)).catch(() => undefined),
    replace: (to) => go(resolve(to), replaced).catch(() => undefined),
    install(app) {
      app.provide(key, router)
      Object.assign(app.config.globalProperties, { $route: routeOf(router) })
    },
  }
  return router
}

const routeOf = ({ place }: Router): Place => ({
  get name() {
    return place.value.name
  },
  get params() {
    return place.value.params
  },
  get query() {
    return place.value.query
  },
  get fullPath() {
    return place.value.fullPath
  },
})

export const createWebHashHistory = () => null
export const useRouter = () => inject<Router>(key)!
export const useRoute = () => routeOf(useRouter())

const same = (a: Text, b: Text) => Object.keys({ ...a, ...b }).every((name) => a[name] === b[name])
const isPlain = (event: MouseEvent) => !event.defaultPrevented && !event.button && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey)

/** A link; the one of the page that is shown says so. Opened in a new window it is an address like any other. */
export const RouterLink = defineComponent({
  props: { to: { type: Object as () => Target, required: true } },
  setup(props, { slots }) {
    const router = useRouter()
    const target = computed(() => router.resolve(props.to))
    const isHere = computed(() => target.value.name === router.place.value.name && (!props.to.params || same(target.value.params, router.place.value.params)))
    const follow = (event: MouseEvent) => {
      if (!isPlain(event)) return
      event.preventDefault()
      void router.push(props.to)
    }
    return () => h('a', { href: `#${target.value.fullPath}`, 'aria-current': isHere.value ? 'page' : undefined, onClick: follow }, slots.default?.())
  },
})

export const RouterView = defineComponent({
  setup() {
    const { page } = useRouter()
    return () => page.value && h(page.value)
  },
})
