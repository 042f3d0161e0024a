import { connectorSuite } from '@assay/conformance'
import { suitecrm } from '../src/index.ts'
import { startHarness } from './harness.ts'

connectorSuite({ connector: suitecrm, start: () => startHarness() })
