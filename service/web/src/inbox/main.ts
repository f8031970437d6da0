// What comes first: how the frame looks; then the inbox itself.
import '../shared/base.css'
import './inbox.css'
import { painted, tidyFrame } from '../shared/painted'

tidyFrame('leads')
void painted().then(() => import('./begin'))
