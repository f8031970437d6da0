// What comes first: how the frame looks; then the page itself.
import '../shared/base.css'
import './sign-in.css'
import { painted } from '../shared/painted'

void painted().then(() => import('./begin'))
