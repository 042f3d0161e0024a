-- Who there is to score: everybody who ever placed an order, as known on that day.
-- A won deal of negative value is a return; one whose lines add up to nothing is no order.
SELECT
  customer_id,
  min(won_at) AS first_order_at,
  max(won_at) AS last_order_at
FROM
(
  SELECT if({unit:String} = 'contact', contact_id, account_id) AS customer_id, won_at
  FROM deal_as_of(connection = {connection:String}, as_of = {as_of:DateTime64(3)})
  WHERE won_at IS NOT NULL AND (value IS NULL OR value > 0 OR amount = 0)
)
WHERE customer_id IS NOT NULL AND cityHash64(customer_id) % 1000 < {permille:UInt32}
GROUP BY customer_id
ORDER BY customer_id
