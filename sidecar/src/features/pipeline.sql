-- What is being sold to a customer right now, and what was lost. The planned close date of an open deal is no event.
SELECT
  customer_id,
  countIf(NOT is_closed) AS open_deals,
  -- Money is unknown, not zero, where there are open deals and none carries a value.
  if(open_deals > 0 AND countIf(NOT is_closed AND value IS NOT NULL) = 0, NULL, sumIf(ifNull(value, 0), NOT is_closed)) AS open_deal_money,
  countIf(is_closed AND NOT is_won AND closed_at > {as_of:DateTime64(3)} - toIntervalDay(365)) AS lost_deals_365d,
  -- A deal that was opened lately says that somebody talks about buying; one that was forgotten says nothing. Unknown where no deal says when.
  if(count(created_at) = 0, NULL, countIf(NOT is_closed AND created_at > {as_of:DateTime64(3)} - toIntervalDay(60))) AS fresh_open_deals,
  if(count(created_at) = 0, NULL, countIf(created_at > {as_of:DateTime64(3)} - toIntervalDay(90))) AS deals_opened_90d,
  age('day', max(created_at), {as_of:DateTime64(3)}) AS days_since_last_deal
FROM
(
  SELECT if({unit:String} = 'contact', contact_id, account_id) AS customer_id, ifNull(is_closed, 0) AS is_closed, ifNull(is_won, 0) AS is_won, value, closed_at, if(created_at <= {as_of:DateTime64(3)}, created_at, NULL) AS created_at
  FROM deal_on_day(day = {day:String})
)
WHERE customer_id IS NOT NULL AND cityHash64(customer_id) % 1000 < {permille:UInt32}
GROUP BY customer_id
ORDER BY customer_id
