export type { ConnectorCheck, ConnectorUnderTest, Subject } from './check.ts'
export { testClock, testHost, type LogLine, type TestClock, type TestHost } from './host.ts'
export type { ConnectorHarness, CrmLevers, CrmTask, Fault, FaultType } from './levers.ts'
export { connectorChecks, connectorSuite, runCheck, type SuiteSubject } from './suite.ts'
