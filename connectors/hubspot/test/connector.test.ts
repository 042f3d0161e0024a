import { connectorSuite } from '@assay/conformance'
import { hubspot } from '../src/index.ts'
import { startHarness } from './harness.ts'

connectorSuite({ connector: hubspot, start: () => startHarness() })
