-- Outcome: how the deals that were open on that day ended, as is known on a later day. A deal that is not there any more was deleted.
SELECT later.id AS deal_id, is_closed, is_won, closed_at, if(is_won = 1, value, NULL) AS won_value
FROM (
  SELECT id, is_closed, is_won, closed_at, value FROM deal_on_day(day = {known_day:String}) WHERE cityHash64(id) % 1000 < {permille:UInt32}
) AS later
GLOBAL INNER JOIN (SELECT id FROM deal_on_day(day = {day:String}) WHERE is_closed = 0) AS open ON open.id = later.id
ORDER BY deal_id
