-- What happened to an open deal until that day. The first value of a field is no change, and some CRMs tell that there was none before it. A push moves the planned close to a later day.
WITH
  changes AS
  (
    SELECT deal_id, field, changed_at, id, value,
      if(field = 'closedAt', if(match(ifNull(value, ''), '^-?[0-9]{11,}$'), fromUnixTimestamp64Milli(toInt64OrZero(ifNull(value, '')), 'UTC'), parseDateTime64BestEffortOrNull(ifNull(value, ''), 3, 'UTC')), NULL) AS plan
    FROM dealHistory_as_of(connection = {connection:String}, as_of = {as_of:DateTime64(3)})
    WHERE changed_at <= {as_of:DateTime64(3)} AND ifNull(value, '') != ''
      AND deal_id GLOBAL IN (SELECT id FROM deal_on_day(day = {day:String}) WHERE is_closed = 0 AND cityHash64(id) % 1000 < {permille:UInt32})
  ),
  steps AS
  (
    SELECT deal_id, field, changed_at, plan, toFloat64OrNull(value) AS amount,
      row_number() OVER before AS place,
      lagInFrame(plan) OVER before AS earlier_plan
    FROM changes
    WINDOW before AS (PARTITION BY deal_id, field ORDER BY changed_at, id ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)
  )
SELECT
  deal_id,
  countIf(field = 'stage' AND place > 1) AS stage_moves,
  countIf(field = 'closedAt' AND place > 1 AND plan > earlier_plan) AS pushes,
  countIf(field = 'closedAt' AND place > 1 AND plan < earlier_plan) AS pulls,
  countIf(field = 'ownerId' AND place > 1) AS owner_changes,
  countIf(field = 'amount' AND place > 1) AS amount_changes,
  argMaxIf(amount, changed_at, field = 'amount') / nullIf(argMinIf(amount, changed_at, field = 'amount'), 0) - 1 AS amount_growth,
  dateDiff('hour', max(changed_at), {as_of:DateTime64(3)}) / 24 AS days_since_change
FROM steps
GROUP BY deal_id
ORDER BY deal_id
