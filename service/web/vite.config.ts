import { fileURLToPath } from 'node:url'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vite'

// Each page is an entry of its own, so that a phone fetches nothing of the desks.
const pages = ['sign-in', 'inbox', 'agency', 'official']
const here = (name: string) => fileURLToPath(new URL(name, import.meta.url))

export default defineConfig({
  base: './', // links are relative: the service may stand behind any path
  publicDir: false,
  plugins: [vue()],
  define: {
    __VUE_OPTIONS_API__: true, // Element Plus has components of that kind
    __VUE_PROD_DEVTOOLS__: false,
    __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: false,
    __VUE_I18N_FULL_INSTALL__: false,
    __VUE_I18N_LEGACY_API__: false,
    __INTLIFY_PROD_DEVTOOLS__: false,
  },
  build: {
    target: 'es2021',
    emptyOutDir: true,
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1500,
    rollupOptions: {
      input: Object.fromEntries(pages.map((page) => [page, here(`${page}.html`)])),
      output: { manualChunks: (id) => (/node_modules\/(@?vue|@intlify|vue-i18n)\//.test(id) ? 'vue' : undefined) },
    },
  },
})
