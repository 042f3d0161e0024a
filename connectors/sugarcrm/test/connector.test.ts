import { connectorSuite } from '@assay/conformance'
import { sugarcrm } from '../src/index.ts'
import { startHarness } from './harness.ts'

connectorSuite({ connector: sugarcrm, start: () => startHarness() })
