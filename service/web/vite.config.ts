import { fileURLToPath } from 'node:url'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vite'

// Each page is an entry of its own, and what a phone fetches is built apart from the desks: of Vue they need more (Element Plus), and a
// chunk that both share would bring all of it to the phone.
//   vite build               the desks
//   vite build --mode phone  the inbox and the sign-in page, into the same folder
const pages = { desk: ['agency', 'official'], phone: ['sign-in', 'inbox'] }
const here = (name: string) => fileURLToPath(new URL(name, import.meta.url))

export default defineConfig(({ mode }) => ({
  base: './', // links are relative: the service may stand behind any path
  publicDir: false,
  plugins: [vue()],
  resolve: { alias: mode === 'phone' ? { 'vue-i18n': here('src/shared/smallI18n.ts') } : {} },
  define: {
    __VUE_OPTIONS_API__: mode !== 'phone', // Element Plus has components of that kind
    __VUE_PROD_DEVTOOLS__: false,
    __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: false,
    __VUE_I18N_FULL_INSTALL__: false,
    __VUE_I18N_LEGACY_API__: false,
    __INTLIFY_PROD_DEVTOOLS__: false,
  },
  build: {
    target: 'es2021',
    emptyOutDir: mode !== 'phone',
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1500,
    rollupOptions: {
      input: Object.fromEntries((mode === 'phone' ? pages.phone : pages.desk).map((page) => [page, here(`${page}.html`)])),
      output: { manualChunks: (id) => (/node_modules\/(@?vue|@intlify|vue-i18n)\//.test(id) ? 'vue' : undefined) },
    },
  },
}))
