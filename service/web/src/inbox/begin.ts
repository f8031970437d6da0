import { makeI18n } from '../shared/i18n'
import { start } from '../shared/start'
import { load } from './inbox'
import { place } from './place'
import App from './App.vue'

const words = makeI18n({ zh: () => import('./words.zh').then(({ zh }) => zh), en: () => import('./words.en').then(({ en }) => en) })

if (place.value.view === 'leads') void load() // while the session is asked for
void start(App, ['enterprise'], words)
