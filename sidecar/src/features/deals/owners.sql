-- How often the owner of an open deal won, of deals that had ended by that day; twenty average deals stand beside their own.
WITH
  past AS
  (
    SELECT owner_id, countIf(is_won = 1) AS won, count() AS ended
    FROM deal_on_day(day = {day:String})
    WHERE is_closed = 1 AND is_won IS NOT NULL AND owner_id IS NOT NULL AND closed_at <= {as_of:DateTime64(3)}
    GROUP BY owner_id
  ),
  (SELECT sum(won) / nullIf(sum(ended), 0) FROM past) AS average
SELECT d.id AS deal_id, (ifNull(p.won, 0) + 20 * average) / (ifNull(p.ended, 0) + 20) AS owner_win_rate
FROM (SELECT id, owner_id FROM deal_on_day(day = {day:String}) WHERE is_closed = 0 AND owner_id IS NOT NULL AND cityHash64(id) % 1000 < {permille:UInt32}) AS d
GLOBAL LEFT JOIN past AS p ON d.owner_id = p.owner_id
ORDER BY deal_id
