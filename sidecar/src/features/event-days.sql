-- How many things really happened on each day (`events.sql` says what counts): where an export ends, and what lies beyond it. Ends
-- of subscriptions that may be plans stand beside them: they say nothing about where it ends.
SELECT
  toUnixTimestamp(toDateTime64(toDate(at, 'UTC'), 0, 'UTC')) * 1000 AS day,
  countIf(NOT planned) AS events,
  countIf(planned) AS plans
FROM
(
  SELECT won_at AS at, 0 AS planned FROM deal_on_day(day = {day:String}) WHERE won_at <= {as_of:DateTime64(3)}
  UNION ALL
  SELECT happened_at AS at, 0 AS planned FROM activity_as_of(connection = {connection:String}, as_of = {as_of:DateTime64(3)})
  WHERE ifNull(happened_at <= created_at + toIntervalDay(1), 1)
  UNION ALL
  SELECT created_at AS at, 0 AS planned FROM case_as_of(connection = {connection:String}, as_of = {as_of:DateTime64(3)})
  UNION ALL
  SELECT started_at AS at, 0 AS planned FROM subscription_as_of(connection = {connection:String}, as_of = {as_of:DateTime64(3)})
  WHERE ifNull(started_at <= created_at + toIntervalDay(1), 1)
  UNION ALL
  SELECT ended_at AS at, isNull(told_end_at) AS planned FROM subscription_as_of(connection = {connection:String}, as_of = {as_of:DateTime64(3)})
)
WHERE at IS NOT NULL
GROUP BY day
ORDER BY day
