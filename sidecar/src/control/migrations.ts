/** One step of the schema. Numbers rise by one; a step that was ever released is never changed. */
export interface Migration {
  readonly number: number
  readonly name: string
  readonly statements: readonly string[]
}

// Raw SQL, no query builder: the text is the same for both engines, so there is no dialect to hide.
// Documents are `json`, not `jsonb`: a model comes back with its keys in the order and its numbers in the digits it was stored with.
export const MIGRATIONS: readonly Migration[] = [
  {
    number: 1,
    name: 'everything the control plane keeps',
    statements: [
      // Sealed: see secrets.ts. No clear text of a credential ever reaches a table.
      `create table assay.secret (org_id text not null, name text not null, sealed text not null, primary key (org_id, name))`,
      `create table assay.connection (
         org_id text not null, id text not null, seq bigserial, connector text not null, title text not null, sealed text not null,
         state text not null check (state in ('active', 'paused')), why text, created_at timestamptz not null,
         primary key (org_id, id))`,
      `create table assay.cursor (
         org_id text not null, connection text not null, kind text not null, cursor text not null,
         primary key (org_id, connection, kind))`,
      `create table assay.aside (
         org_id text not null, connection text not null, kind text not null, place text not null, why text not null,
         at timestamptz not null, seq bigserial, primary key (org_id, connection, kind, place))`,
      `create table assay.run (
         org_id text not null, id text not null, seq bigserial, connection text, step text not null, started_at timestamptz not null,
         finished_at timestamptz, state text not null check (state in ('running', 'done', 'failed')), detail json not null,
         primary key (org_id, id))`,
      `create index run_newest on assay.run (org_id, step, connection, seq desc)`,
      `create table assay.decision (
         org_id text not null, connection text not null, key text not null, value json not null, decided_by text not null,
         at timestamptz not null, primary key (org_id, connection, key))`,
      `create table assay.model (
         org_id text not null, id text not null, seq bigserial, connection text not null, miner text not null, miner_version integer not null,
         state text not null check (state in ('live', 'refused', 'retired')), definition json not null, params json not null,
         model json not null, report json not null, data_until timestamptz not null, fitted_at timestamptz not null,
         primary key (org_id, id))`,
      `create unique index model_one_live on assay.model (org_id, connection, miner) where state = 'live'`,
      `create index model_newest on assay.model (org_id, connection, miner, seq desc)`,
      `create table assay.outbox (
         org_id text not null, connection text not null, object text not null, record_id text not null, seq bigserial,
         run text not null, fields json not null, later json not null, primary key (org_id, connection, object, record_id))`,
      `create unique index outbox_line on assay.outbox (org_id, connection, seq)`,
      `create table assay.outbox_rejected (
         org_id text not null, connection text not null, object text not null, record_id text not null, seq bigserial,
         why text not null, fields json not null, at timestamptz not null, primary key (org_id, connection, object, record_id))`,
      `create table assay.receipt (
         org_id text not null, connection text not null, seq bigserial, receipt json not null, primary key (org_id, connection, seq))`,
      `create table assay.alert_state (
         org_id text not null, connection text not null, object text not null, record_id text not null, band text not null,
         since timestamptz not null, pending json, model text not null, task_key text, task_id text,
         primary key (org_id, connection, object, record_id))`,
      `create table assay.alert_sent (
         org_id text not null, connection text not null, task_key text not null, object text not null, record_id text not null,
         owner text not null, reason text not null, at timestamptz not null, seq bigserial,
         primary key (org_id, connection, task_key, object, record_id))`,
      `create index alert_sent_when on assay.alert_sent (org_id, connection, at)`,
      `create table assay.feedback (
         org_id text not null, connection text not null, object text not null, record_id text not null, offer text not null,
         at timestamptz not null, response text not null, primary key (org_id, connection, object, record_id, offer, at))`,
      `create table assay.audit (
         org_id text not null, seq bigserial, at timestamptz not null, actor text not null, action text not null, detail json not null,
         primary key (org_id, seq))`,
      // One row a connection; see quota.ts for what the numbers mean.
      `create table assay.quota (
         org_id text not null, connection text not null, period bigint not null, spent bigint not null, leased bigint not null,
         daily_limit bigint, remaining bigint, resets_at timestamptz not null, primary key (org_id, connection))`,
    ],
  },
  {
    number: 2,
    name: 'who decided about a model, when and why',
    statements: [
      `alter table assay.model add column decided_at timestamptz`,
      `update assay.model set decided_at = fitted_at`,
      `alter table assay.model alter column decided_at set not null`,
      `create table assay.model_event (
         org_id text not null, connection text not null, seq bigserial, model text not null, miner text not null, at timestamptz not null,
         what text not null check (what in ('live', 'refused', 'retired', 'kept', 'restored')), actor text not null, why text not null,
         primary key (org_id, connection, seq))`,
      `insert into assay.model_event (org_id, connection, model, miner, at, what, actor, why)
         select org_id, connection, id, miner, fitted_at, state, 'assay', coalesce(report ->> 'why', '') from assay.model order by seq`,
      `create index model_event_newest on assay.model_event (org_id, connection, miner, seq desc)`,
    ],
  },
  {
    number: 3,
    name: 'records that a CRM told about',
    statements: [
      `create table assay.told (
         org_id text not null, connection text not null, object text not null, record_id text not null, seq bigserial,
         what text not null check (what in ('changed', 'erased')), at timestamptz not null,
         primary key (org_id, connection, object, record_id))`,
      `create index told_line on assay.told (org_id, connection, what, seq)`,
    ],
  },
]

/** Tables with a `connection` column: what goes when a connection goes. */
export const CONNECTION_TABLES = [
  'cursor',
  'aside',
  'told',
  'run',
  'decision',
  'model',
  'model_event',
  'outbox',
  'outbox_rejected',
  'receipt',
  'alert_state',
  'alert_sent',
  'feedback',
  'quota',
] as const
