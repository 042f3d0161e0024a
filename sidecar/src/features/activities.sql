-- Who talks to whom, and how recently. An activity that was logged late appears from the day it was logged.
SELECT
  customer_id,
  countIf(happened_at > {as_of:DateTime64(3)} - toIntervalDay(30)) AS activities_30d,
  countIf(happened_at > {as_of:DateTime64(3)} - toIntervalDay(90)) AS activities_90d,
  countIf(happened_at > {as_of:DateTime64(3)} - toIntervalDay(180)) AS activities_180d,
  countIf(direction = 'inbound' AND happened_at > {as_of:DateTime64(3)} - toIntervalDay(90)) AS inbound_90d,
  countIf(type = 'meeting' AND happened_at > {as_of:DateTime64(3)} - toIntervalDay(180)) AS meetings_180d,
  age('day', max(happened_at), {as_of:DateTime64(3)}) AS days_since_last_activity,
  -- Whoever falls silent is written to as before: what comes back from them says more than what goes out.
  countIf(direction = 'inbound') AS inbound,
  if(inbound = 0, NULL, age('day', maxIf(happened_at, direction = 'inbound'), {as_of:DateTime64(3)})) AS days_since_last_inbound,
  -- Against the customer's own year before, of which the last 90 days are worth 90 of 365.
  log((activities_90d + 1) / (countIf(happened_at > {as_of:DateTime64(3)} - toIntervalDay(455) AND happened_at <= {as_of:DateTime64(3)} - toIntervalDay(90)) * 90 / 365 + 1)) AS activities_trend
FROM
(
  SELECT if({unit:String} = 'contact', contact_id, account_id) AS customer_id, type, direction, happened_at
  FROM activity_as_of(connection = {connection:String}, as_of = {as_of:DateTime64(3)})
  WHERE happened_at IS NOT NULL
)
WHERE customer_id IS NOT NULL AND cityHash64(customer_id) % 1000 < {permille:UInt32}
GROUP BY customer_id
ORDER BY customer_id
