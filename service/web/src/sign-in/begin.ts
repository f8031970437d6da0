import { createApp } from 'vue'
import { makeI18n } from '../shared/i18n'
import SignIn from './SignIn.vue'

const words = makeI18n({ zh: () => import('./words.zh').then(({ zh }) => zh), en: () => import('./words.en').then(({ en }) => en) })

void words.then((i18n) => createApp(SignIn).use(i18n).mount('#app'))
