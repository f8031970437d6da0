// What comes first: how the frame looks; then the desk itself.
import '../shared/base.css'
import '../shared/desk.css'
import '../shared/pages.css'
import './today/today.css'
import { painted, tidyFrame } from '../shared/painted'

tidyFrame('today')
void painted().then(() => import('./desk'))
