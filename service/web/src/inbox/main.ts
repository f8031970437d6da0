import { makeI18n } from '../shared/i18n'
import { start } from '../shared/start'
import { en } from './words.en'
import { zh } from './words.zh'
import './inbox.css'
import { load } from './inbox'
import { place } from './place'
import App from './App.vue'

if (place.value.view === 'leads') void load() // while the session is asked for
void start(App, ['enterprise'], makeI18n({ zh, en }))
