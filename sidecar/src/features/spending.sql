-- What an order day is worth to us, net of what came back, and how evenly the order days stand. Asked for only where money is forecast.
WITH
  days AS
  (
    SELECT
      if({unit:String} = 'contact', contact_id, account_id) AS customer_id,
      assumeNotNull(toDate(won_at, 'UTC')) AS day,
      countIf(ifNull(value, 1) >= 0 AND (value IS NULL OR value > 0 OR amount = 0)) AS orders,
      sumIf(value, value >= 0) AS ordered,
      sum(value) AS net
    FROM deal_on_day(day = {day:String})
    WHERE won_at IS NOT NULL
    GROUP BY customer_id, day
  )
SELECT
  customer_id,
  sum(net) AS net_money,
  if(isNull(net_money), NULL, ifNull(sumIf(net, day > toDate({as_of:DateTime64(3)} - toIntervalDay(365), 'UTC')), 0)) AS net_money_365d,
  arraySort(groupArrayIf((day, ifNull(ordered, nan)), orders > 0)) AS order_days,
  arrayFilter(v -> NOT isNaN(v), arrayMap(d -> d.2, order_days)) AS worths,
  arrayFilter(v -> NOT isNaN(v), arrayMap(d -> d.2, arrayPopFront(order_days))) AS later_worths,
  length(worths) AS valued_days,
  if(empty(worths), NULL, arrayAvg(worths)) AS day_value,
  length(later_worths) AS repeat_days,
  if(empty(later_worths), NULL, arrayAvg(later_worths)) AS repeat_value,
  arrayPopFront(arrayDifference(arrayMap(d -> toInt32(d.1), order_days))) AS gaps,
  arraySum(arrayMap(g -> log(g), gaps)) AS ln_gaps,
  if(length(gaps) < 2, NULL, gaps[1] / (gaps[1] + gaps[2])) AS gap_share
FROM days
WHERE customer_id IS NOT NULL AND cityHash64(customer_id) % 1000 < {permille:UInt32}
GROUP BY customer_id
HAVING notEmpty(order_days)
ORDER BY customer_id
