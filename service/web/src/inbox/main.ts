// What comes first: how the frame looks; then the inbox itself.
import '../shared/base.css'
import './inbox.css'
import { painted } from '../shared/painted'

void painted().then(() => import('./begin'))
