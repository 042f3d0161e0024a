import type { ListView, Report, ReportFolder } from '@salesforce/types/metadata'
import { SCORED } from '../objects.ts'
import { apiName } from './names.ts'

/** The parts of a list view, a report and its folder that Assay uses; the types ask for every list there may be. */
export type ListViewMetadata = Pick<ListView, 'columns' | 'filterScope' | 'filters' | 'label'> & { readonly fullName: string }
export type ReportMetadata = Pick<
  Report,
  'description' | 'filter' | 'format' | 'name' | 'reportType' | 'scope' | 'showDetails' | 'sortColumn' | 'sortOrder' | 'timeFrameFilter'
> & { readonly columns: readonly { readonly field: string }[] }
export type ReportFolderMetadata = Pick<ReportFolder, 'name'>

export const AT_RISK = 'Assay_Accounts_At_Risk'
export const REPORT_FOLDER = 'Assay'

/** In the order in which a person works down the list. */
const SHOWN = ['churn_risk', 'churn_band', 'churn_trend', 'segment', 'next_action', 'scored_at'] as const
const LABEL = 'Accounts at risk'
const HIGH = 'High'

export const accountsAtRisk: ListViewMetadata = {
  fullName: AT_RISK,
  columns: ['ACCOUNT.NAME', ...SHOWN.map(apiName), 'CORE.USERS.ALIAS'],
  filterScope: 'Everything',
  filters: [{ field: apiName('churn_band'), operation: 'equals', value: HIGH }],
  label: LABEL,
}

const onAccount = (name: string): string => `${SCORED.account}.${apiName(name)}`

export const accountsAtRiskReport: ReportMetadata = {
  columns: ['ACCOUNT.NAME', 'USERS.NAME', ...SHOWN.map(onAccount), onAccount('churn_signs')].map((field) => ({ field })),
  description: 'Accounts in the highest churn band, the highest risk first. Only as new as the day in "Scored at".',
  filter: {
    criteriaItems: [{ column: onAccount('churn_band'), columnToColumn: false, isUnlocked: true, operator: 'equals', value: HIGH }],
  },
  format: 'Tabular',
  name: LABEL,
  reportType: 'AccountList',
  scope: 'organization',
  showDetails: true,
  sortColumn: onAccount('churn_risk'),
  sortOrder: 'Desc',
  timeFrameFilter: { dateColumn: 'CREATED_DATE', interval: 'INTERVAL_CUSTOM' },
}

export const reportFolder: ReportFolderMetadata = { name: 'Assay' }
