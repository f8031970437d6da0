import { makeI18n } from '../shared/i18n'
import { start } from '../shared/start'
import { router } from './routes'
import { en } from './words.en'
import { zh } from './words.zh'
import App from './App.vue'

void start(App, ['official'], makeI18n({ zh, en }), router)
