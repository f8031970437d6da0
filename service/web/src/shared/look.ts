// Language and light or dark, told to the service by a cookie that holds nothing else: so that a page comes up in them from its first byte
// on (service/http/web.h). What this browser remembers stays what counts; the cookie follows it, and is not there while nobody chose.
import { kept } from './kept'

const name = 'patbridge-look'
const usual = 'zh.auto'

export function tellLook(): void {
  const language = kept('language') === 'en' ? 'en' : 'zh'
  const theme = kept('theme')
  const look = `${language}.${theme === 'light' || theme === 'dark' ? theme : 'auto'}`
  const told = document.cookie.split('; ').find((one) => one.startsWith(`${name}=`))
  if ((told ?? `${name}=${usual}`) === `${name}=${look}`) return
  const secure = location.protocol === 'https:' ? '; Secure' : ''
  document.cookie = `${name}=${look}; Max-Age=${look === usual ? 0 : 31_536_000}; SameSite=Lax${secure}`
}
