import { makeI18n } from '../shared/i18n'
import { start } from '../shared/start'
import { router } from './routes'
import App from './App.vue'

const words = makeI18n({ zh: () => import('./words.zh').then(({ zh }) => zh), en: () => import('./words.en').then(({ en }) => en) })

void start(App, ['administrator', 'agency_manager', 'agency_clerk'], words, router)
