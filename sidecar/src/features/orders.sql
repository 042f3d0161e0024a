-- How often, how much, how recently a customer ordered, and in which rhythm.
WITH
  toDate({as_of:DateTime64(3)}, 'UTC') AS today,
  orders AS
  (
    SELECT
      if({unit:String} = 'contact', contact_id, account_id) AS customer_id,
      won_at,
      toDate(won_at, 'UTC') AS day,
      value,
      ifNull(value, 1) >= 0 AND (value IS NULL OR value > 0 OR amount = 0) AS is_order
    FROM deal_on_day(day = {day:String})
    WHERE won_at IS NOT NULL
  )
SELECT
  customer_id,
  -- Whole days that have gone by, not midnights.
  age('day', maxIf(won_at, is_order), {as_of:DateTime64(3)}) AS days_since_last_order,
  dateDiff('day', minIf(day, is_order), today) AS tenure_days,
  dateDiff('day', minIf(day, is_order), maxIf(day, is_order)) AS span_days,
  countIf(is_order) AS orders,
  uniqExactIf(day, is_order) AS order_days,
  -- Money is unknown, not zero, where no order carries a value.
  if(countIf(is_order AND value IS NOT NULL) = 0, NULL, sumIf(value, is_order)) AS money,
  avgIf(value, is_order AND value IS NOT NULL) AS mean_order_value,
  countIf(is_order AND won_at > {as_of:DateTime64(3)} - toIntervalDay(30)) AS orders_30d,
  countIf(is_order AND won_at > {as_of:DateTime64(3)} - toIntervalDay(60)) AS orders_60d,
  countIf(is_order AND won_at > {as_of:DateTime64(3)} - toIntervalDay(90)) AS orders_90d,
  countIf(is_order AND won_at > {as_of:DateTime64(3)} - toIntervalDay(180)) AS orders_180d,
  countIf(is_order AND won_at > {as_of:DateTime64(3)} - toIntervalDay(365)) AS orders_365d,
  if(isNull(money), NULL, ifNull(sumIf(value, is_order AND won_at > {as_of:DateTime64(3)} - toIntervalDay(30)), 0)) AS money_30d,
  if(isNull(money), NULL, ifNull(sumIf(value, is_order AND won_at > {as_of:DateTime64(3)} - toIntervalDay(90)), 0)) AS money_90d,
  if(isNull(money), NULL, ifNull(sumIf(value, is_order AND won_at > {as_of:DateTime64(3)} - toIntervalDay(180)), 0)) AS money_180d,
  if(isNull(money), NULL, ifNull(sumIf(value, is_order AND won_at > {as_of:DateTime64(3)} - toIntervalDay(365)), 0)) AS money_365d,
  arraySort(groupUniqArrayIf(day, is_order)) AS days,
  arrayPopFront(arrayDifference(arrayMap(d -> toInt32(d), days))) AS gaps,
  if(empty(gaps), NULL, arrayAvg(gaps)) AS mean_gap_days,
  if(length(gaps) < 2, NULL, sqrt(greatest(arrayAvg(arrayMap(g -> g * g, gaps)) - pow(mean_gap_days, 2), 0)) / mean_gap_days) AS gap_variation,
  if(empty(gaps), NULL, days_since_last_order / greatest(mean_gap_days, 1)) AS recency_over_gap,
  log((orders_90d + 1) / (countIf(is_order AND won_at > {as_of:DateTime64(3)} - toIntervalDay(180) AND won_at <= {as_of:DateTime64(3)} - toIntervalDay(90)) + 1)) AS orders_trend,
  countIf(value < 0) AS returns,
  if(isNull(money) OR money = 0, NULL, (0 - ifNull(sumIf(value, value < 0), 0)) / money) AS return_share
FROM orders
WHERE customer_id IS NOT NULL AND cityHash64(customer_id) % 1000 < {permille:UInt32}
GROUP BY customer_id
HAVING orders > 0
ORDER BY customer_id
