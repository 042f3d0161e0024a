import type { Migration } from './migration.ts'

/** What was ever computed, and what stands in the CRM. Both lie in the order in which they are read: by record. */
export const scores: Migration = {
  number: 2,
  name: 'scores',
  tables: [
    {
      name: 'score_log',
      columns: [
        'connection LowCardinality(String)',
        'object LowCardinality(String)',
        'id String',
        'miner LowCardinality(String)',
        'model LowCardinality(String)',
        'run LowCardinality(String)',
        "as_of DateTime64(3, 'UTC')",
        "scored_at DateTime64(3, 'UTC')",
        'fields String',
        'probability Nullable(Float64)',
        'signs String',
        'unscored Nullable(String)',
        'received_at UInt64',
      ],
      orderBy: 'connection, object, miner, id, scored_at, run',
      newestBy: 'received_at',
      shardBy: 'cityHash64(connection, id)',
    },
    {
      name: 'published_log',
      columns: [
        'connection LowCardinality(String)',
        'object LowCardinality(String)',
        'id String',
        'run LowCardinality(String)',
        "written_at DateTime64(3, 'UTC')",
        'fields String',
        'received_at UInt64',
      ],
      orderBy: 'connection, object, id, written_at, run',
      newestBy: 'received_at',
      shardBy: 'cityHash64(connection, id)',
    },
  ],
}
