import { hubspot } from '@hubspot/ui-extensions'
import { Panel } from './Panel.tsx'

hubspot.extend<'crm.record.sidebar'>(({ context }) => <Panel record={context.crm} locale={context.user.locale} />)
