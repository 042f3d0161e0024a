-- What is known about the customer of an open deal from its other deals, as they had ended by that day; ten average deals stand beside their own.
WITH
  past AS
  (
    SELECT
      if({unit:String} = 'contact', contact_id, account_id) AS customer_id,
      countIf(is_won = 1) AS won,
      countIf(is_won = 0) AS lost,
      countIf(is_won = 1 AND closed_at > {as_of:DateTime64(3)} - toIntervalDay(365)) AS won_365d,
      maxIf(closed_at, is_won = 1) AS last_won_at
    FROM deal_on_day(day = {day:String})
    WHERE is_closed = 1 AND is_won IS NOT NULL AND closed_at <= {as_of:DateTime64(3)}
    GROUP BY customer_id
    HAVING customer_id IS NOT NULL
  ),
  standing AS
  (
    SELECT if({unit:String} = 'contact', contact_id, account_id) AS customer_id, count() AS open_deals
    FROM deal_on_day(day = {day:String})
    WHERE is_closed = 0
    GROUP BY customer_id
    HAVING customer_id IS NOT NULL
  ),
  (SELECT sum(won) / nullIf(sum(won) + sum(lost), 0) FROM past) AS average
SELECT
  d.id AS deal_id,
  ifNull(p.won, 0) AS customer_won,
  ifNull(p.lost, 0) AS customer_lost,
  ifNull(p.won_365d, 0) AS customer_won_365d,
  (ifNull(p.won, 0) + 10 * average) / (ifNull(p.won, 0) + ifNull(p.lost, 0) + 10) AS customer_win_rate,
  if(ifNull(p.won, 0) = 0, NULL, age('day', p.last_won_at, {as_of:DateTime64(3)})) AS days_since_customer_order,
  s.open_deals - 1 AS other_open_deals
FROM
(
  SELECT id, if({unit:String} = 'contact', contact_id, account_id) AS customer_id
  FROM deal_on_day(day = {day:String})
  WHERE is_closed = 0 AND cityHash64(id) % 1000 < {permille:UInt32}
) AS d
GLOBAL LEFT JOIN past AS p ON d.customer_id = p.customer_id
GLOBAL LEFT JOIN standing AS s ON d.customer_id = s.customer_id
WHERE d.customer_id IS NOT NULL
ORDER BY deal_id
