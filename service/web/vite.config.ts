import { fileURLToPath } from 'node:url'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vite'
import { darkByMachine, framedPages } from './scripts/framed'

// Each page is built by itself, as `vite build --mode PAGE` (scripts/build.mjs does all of them): what it fetches first is its own script,
// Vue, and one style sheet, and nothing that another page needs. The two of a phone have a Vue without what the desks' parts need; of
// vue-i18n all have only what they use.
const phone = ['sign-in', 'inbox']
const here = (name: string) => fileURLToPath(new URL(name, import.meta.url))

// Vue by itself, and all words of a page in one language; but the few that all pages share are with the page. A line to the server begins
// slowly: three parts of much the same size are here before one large one, so the desks' larger Vue comes in two, and ways around beside it.
function partOf(id: string, page: string): string | undefined {
  if (phone.includes(page)) {
    if (/node_modules\/@?vue\//.test(id)) return 'vue'
  } else {
    if (/node_modules\/@vue\/runtime-core\//.test(id)) return 'vue'
    if (/node_modules\/@vue\/(reactivity|shared)\//.test(id)) return 'reactive'
    if (/node_modules\/vue-router\//.test(id)) return 'around'
  }
  return /src\/(?!shared\/).*\/?(words)[^/]*(\.zh|\.en)\.ts$/.exec(id)?.slice(1).join('')
}

export default defineConfig(({ mode: page }) => ({
  base: './', // links are relative: the service may stand behind any path
  publicDir: false,
  plugins: [vue(), darkByMachine(), framedPages()],
  resolve: { alias: { 'vue-i18n': here('src/shared/smallI18n.ts') } },
  define: {
    __VUE_OPTIONS_API__: false,
    __VUE_PROD_DEVTOOLS__: false,
    __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: false,
  },
  build: {
    target: 'es2021',
    emptyOutDir: false,
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1500,
    rollupOptions: {
      input: { [page]: here(`${page}.html`) },
      output: { manualChunks: (id) => partOf(id, page) },
    },
  },
}))
