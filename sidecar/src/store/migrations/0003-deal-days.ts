import type { Migration } from './migration.ts'

/** Deals as they were known on a day: worked out once, read by every feature of that day, gone when the run is over. */
export const dealDays: Migration = {
  number: 3,
  name: 'deal days',
  tables: [
    {
      name: 'deal_day',
      columns: [
        'day String',
        'id String',
        'account_id Nullable(String)',
        'contact_id Nullable(String)',
        'is_closed Nullable(UInt8)',
        'is_won Nullable(UInt8)',
        'amount Nullable(Float64)',
        'home_amount Nullable(Float64)',
        'currency LowCardinality(Nullable(String))',
        'value Nullable(Float64)',
        "closed_at Nullable(DateTime64(3, 'UTC'))",
        "won_at Nullable(DateTime64(3, 'UTC'))",
      ],
      orderBy: 'day, id',
      passing: 'day',
      shardBy: 'cityHash64(id)',
    },
  ],
}
