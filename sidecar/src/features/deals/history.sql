-- What the deals known today tell in all: how many ended and how, how long they took, what their history dates, and what is filled in only once a deal has ended.
SELECT
  count() AS deals,
  countIf(is_closed = 0) AS open,
  countIf(is_closed = 1 AND is_won = 1) AS won,
  countIf(is_closed = 1 AND is_won = 0) AS lost,
  countIf(is_closed = 0 AND created_at IS NULL) AS undated,
  minIf(closed_at, is_closed = 1) AS first_ended_at,
  maxIf(closed_at, is_closed = 1) AS last_ended_at,
  -- A deal that begins and ends between two midnights is never seen open.
  quantileExactIf(0.75)(assumeNotNull(dateDiff('day', created_at, closed_at)), is_closed = 1 AND toDate(closed_at, 'UTC') > toDate(created_at, 'UTC')) AS long_cycle,
  quantileExactIf(0.95)(assumeNotNull(dateDiff('day', created_at, closed_at)), is_closed = 1 AND toDate(closed_at, 'UTC') > toDate(created_at, 'UTC')) AS longest_cycle,
  countIf(is_closed = 1 AND toDate(closed_at, 'UTC') > toDate(created_at, 'UTC')) AS cycles,
  avgIf(stage_dated, stage IS NOT NULL) AS stage_dated,
  avgIf(amount_dated, amount IS NOT NULL) AS amount_dated,
  avgIf(plan_dated, is_closed = 1 AND closed_at IS NOT NULL) AS plan_dated,
  avgIf(owner_dated, owner_id IS NOT NULL) AS owner_dated,
  avgIf(if({unit:String} = 'contact', contact_id, account_id) IS NOT NULL, is_closed = 1) AS customer_filled_ended,
  avgIf(if({unit:String} = 'contact', contact_id, account_id) IS NOT NULL, is_closed = 0) AS customer_filled_open,
  avgIf(owner_id IS NOT NULL, is_closed = 1) AS owner_filled_ended,
  avgIf(owner_id IS NOT NULL, is_closed = 0) AS owner_filled_open,
  avgIf(pipeline IS NOT NULL, is_closed = 1) AS pipeline_filled_ended,
  avgIf(pipeline IS NOT NULL, is_closed = 0) AS pipeline_filled_open,
  avgIf(type IS NOT NULL, is_closed = 1) AS type_filled_ended,
  avgIf(type IS NOT NULL, is_closed = 0) AS type_filled_open
FROM deal_on_day(day = {day:String})
