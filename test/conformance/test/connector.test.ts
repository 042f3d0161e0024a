import { connectorSuite } from '../src/connector/index.ts'
import { referenceConnector } from './reference/connector.ts'
import { startReference } from './reference/harness.ts'

connectorSuite({ connector: referenceConnector, start: startReference })
