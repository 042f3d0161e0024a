-- Who talks about an open deal, and how recently. What was logged late appears from the day it was logged.
SELECT
  deal_id,
  countIf(happened_at > {as_of:DateTime64(3)} - toIntervalDay(14)) AS touches_14d,
  countIf(happened_at > {as_of:DateTime64(3)} - toIntervalDay(30)) AS touches_30d,
  countIf(happened_at > {as_of:DateTime64(3)} - toIntervalDay(90)) AS touches_90d,
  countIf(direction = 'inbound' AND happened_at > {as_of:DateTime64(3)} - toIntervalDay(30)) AS heard_30d,
  countIf(type = 'meeting' AND happened_at > {as_of:DateTime64(3)} - toIntervalDay(90)) AS meetings_90d,
  age('day', max(happened_at), {as_of:DateTime64(3)}) AS days_since_touch
FROM activity_as_of(connection = {connection:String}, as_of = {as_of:DateTime64(3)})
WHERE happened_at IS NOT NULL AND deal_id IS NOT NULL
  AND deal_id GLOBAL IN (SELECT id FROM deal_on_day(day = {day:String}) WHERE is_closed = 0 AND cityHash64(id) % 1000 < {permille:UInt32})
GROUP BY deal_id
ORDER BY deal_id
