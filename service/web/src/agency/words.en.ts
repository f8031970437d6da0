import { en as today } from './today/words.en'
import { en as imports } from './import/words.en'
import { en as leads } from './leads/words.en'
import { en as follow } from './follow/words.en'
import { en as registers } from './registers/words.en'
import { en as progress } from './progress/words.en'
import { en as settings } from './settings/words.en'
import type { Words } from './words.zh'

export const en: Words = {
  title: 'Agency’s desk',
  nav: { today: today.title, import: imports.title, leads: leads.title, follow: follow.title, registers: registers.title, progress: progress.title, settings: settings.title },
  today,
  import: imports,
  leads,
  follow,
  registers,
  progress,
  settings,
}
