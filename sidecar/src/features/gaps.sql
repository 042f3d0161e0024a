-- The gaps between the order days of each customer, over everybody: how long is usual, how long is unusual.
SELECT
  quantileExact(0.5)(gap) AS median_gap,
  quantileExact(0.75)(gap) AS long_gap,
  quantileExact(0.9)(gap) AS unusual_gap,
  count() AS gaps,
  uniqExact(customer_id) AS repeaters
FROM
(
  SELECT customer_id, arrayJoin(arrayPopFront(arrayDifference(arrayMap(d -> toInt32(d), arraySort(groupUniqArray(toDate(won_at, 'UTC'))))))) AS gap
  FROM
  (
    SELECT if({unit:String} = 'contact', contact_id, account_id) AS customer_id, won_at
    FROM deal_on_day(day = {day:String})
    WHERE won_at IS NOT NULL AND (value IS NULL OR value > 0 OR amount = 0)
  )
  WHERE customer_id IS NOT NULL
  GROUP BY customer_id
)
