-- Outcome: who had a subscription on that day and none at the end of the horizon, and after how many days the last one ended.
SELECT
  customer_id,
  maxIf(1, started_at <= {as_of:DateTime64(3)} AND ifNull(ended_at, toDateTime64('2200-01-01 00:00:00', 3, 'UTC')) > {as_of:DateTime64(3)}) AS active_then,
  maxIf(1, started_at <= {until:DateTime64(3)} AND ifNull(ended_at, toDateTime64('2200-01-01 00:00:00', 3, 'UTC')) > {until:DateTime64(3)}) AS active_later,
  if(active_later = 1, NULL, greatest(1, dateDiff('day', {as_of:DateTime64(3)}, maxIf(ended_at, ended_at > {as_of:DateTime64(3)} AND ended_at <= {until:DateTime64(3)})))) AS ended_after
FROM
(
  SELECT if({unit:String} = 'contact', contact_id, account_id) AS customer_id, ifNull(started_at, toDateTime64('1970-01-01 00:00:00', 3, 'UTC')) AS started_at, ended_at
  FROM subscription_as_of(connection = {connection:String}, as_of = {known_at:DateTime64(3)})
)
WHERE customer_id IS NOT NULL AND cityHash64(customer_id) % 1000 < {permille:UInt32}
GROUP BY customer_id
HAVING active_then = 1
ORDER BY customer_id
