import { makeI18n } from '../shared/i18n'
import { start } from '../shared/start'
import { en } from './words.en'
import { zh } from './words.zh'
import './inbox.css'
import App from './App.vue'

void start(App, ['enterprise'], makeI18n({ zh, en }))
