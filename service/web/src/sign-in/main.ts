import { createApp } from 'vue'
import '../shared/base.css'
import './sign-in.css'
import { makeI18n } from '../shared/i18n'
import { en } from './words.en'
import { zh } from './words.zh'
import SignIn from './SignIn.vue'

createApp(SignIn).use(makeI18n({ zh, en })).mount('#app')
