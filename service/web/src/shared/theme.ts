// Light or dark as the machine is, unless somebody chose; the choice stays in this browser.
import { ref, watchEffect } from 'vue'
import { keep, kept } from './kept'
import { tellLook } from './look'

export type Theme = 'auto' | 'light' | 'dark'

const dark = matchMedia('(prefers-color-scheme: dark)')
const machineIsDark = ref(dark.matches)
dark.addEventListener('change', (event) => (machineIsDark.value = event.matches))

export const theme = ref<Theme>((kept('theme') as Theme | null) ?? 'auto')
export const isDark = ref(false)

// Before a script runs, the style sheet itself asks the machine; of the two classes one is there from then on.
watchEffect(() => {
  isDark.value = theme.value === 'dark' || (theme.value === 'auto' && machineIsDark.value)
  document.documentElement.classList.toggle('dark', isDark.value)
  document.documentElement.classList.toggle('light', !isDark.value)
  keep('theme', theme.value)
  tellLook()
})
