-- The newest thing that really happened: what "today" means for an export.
SELECT max(at) AS newest
FROM
(
  SELECT max(won_at) AS at FROM deal_on_day(day = {day:String}) WHERE won_at <= {as_of:DateTime64(3)}
  UNION ALL
  SELECT max(happened_at) AS at FROM activity_as_of(connection = {connection:String}, as_of = {as_of:DateTime64(3)})
  -- Entered long before its day, a meeting was planned: whether it took place, nobody said.
  WHERE ifNull(happened_at <= created_at + toIntervalDay(1), 1)
  UNION ALL
  SELECT max(created_at) AS at FROM case_as_of(connection = {connection:String}, as_of = {as_of:DateTime64(3)})
  UNION ALL
  -- A contract may be signed long before it begins.
  SELECT max(started_at) AS at FROM subscription_as_of(connection = {connection:String}, as_of = {as_of:DateTime64(3)})
  WHERE started_at <= {as_of:DateTime64(3)} AND ifNull(started_at <= created_at + toIntervalDay(1), 1)
  UNION ALL
  SELECT max(told_end_at) AS at FROM subscription_as_of(connection = {connection:String}, as_of = {as_of:DateTime64(3)})
)
