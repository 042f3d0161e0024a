import { connectorSuite } from '@assay/conformance'
import { salesforce } from '../src/index.ts'
import { startHarness } from './harness.ts'

connectorSuite({ connector: salesforce, start: () => startHarness() })
