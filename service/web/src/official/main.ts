// What comes first: how the frame looks; then the desk itself.
import '../shared/base.css'
import '../shared/desk.css'
import './official.css'
import './first.css'
import { painted, tidyFrame } from '../shared/painted'

tidyFrame('overview')
void painted().then(() => import('./desk'))
