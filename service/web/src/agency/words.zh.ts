import { zh as today } from './today/words.zh'
import { zh as imports } from './import/words.zh'
import { zh as leads } from './leads/words.zh'
import { zh as follow } from './follow/words.zh'
import { zh as registers } from './registers/words.zh'
import { zh as progress } from './progress/words.zh'
import { zh as settings } from './settings/words.zh'

export const zh = {
  title: '机构工作台',
  nav: { today: today.title, import: imports.title, leads: leads.title, follow: follow.title, registers: registers.title, progress: progress.title, settings: settings.title },
  today,
  import: imports,
  leads,
  follow,
  registers,
  progress,
  settings,
}

export type Words = typeof zh
