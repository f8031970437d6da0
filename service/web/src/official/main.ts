// What comes first: how the frame looks; then the desk itself.
import '../shared/base.css'
import '../shared/desk.css'
import './official.css'
import { painted } from '../shared/painted'

void painted().then(() => import('./desk'))
