-- How many things really happened on each day (`events.sql` says what counts): where an export ends, and what lies beyond it.
SELECT
  toUnixTimestamp(toDateTime64(toDate(at, 'UTC'), 0, 'UTC')) * 1000 AS day,
  count() AS events
FROM
(
  SELECT won_at AS at FROM deal_on_day(day = {day:String}) WHERE won_at <= {as_of:DateTime64(3)}
  UNION ALL
  SELECT happened_at AS at FROM activity_as_of(connection = {connection:String}, as_of = {as_of:DateTime64(3)})
  WHERE ifNull(happened_at <= created_at + toIntervalDay(1), 1)
  UNION ALL
  SELECT created_at AS at FROM case_as_of(connection = {connection:String}, as_of = {as_of:DateTime64(3)})
)
WHERE at IS NOT NULL
GROUP BY day
ORDER BY day
