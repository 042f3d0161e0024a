-- Who there is on that day: everybody who ever placed an order or began a subscription, and with `everybody` also those who have not yet.
-- A won deal of negative value is a return; one whose lines add up to nothing is no order.
SELECT DISTINCT customer_id
FROM
(
  SELECT if({unit:String} = 'contact', contact_id, account_id) AS customer_id
  FROM deal_on_day(day = {day:String})
  WHERE won_at IS NOT NULL AND (value IS NULL OR value > 0 OR amount = 0)
  UNION ALL
  SELECT if({unit:String} = 'contact', contact_id, account_id) AS customer_id
  FROM subscription_as_of(connection = {connection:String}, as_of = {as_of:DateTime64(3)})
  WHERE ifNull(started_at <= {as_of:DateTime64(3)}, 1)
  UNION ALL
  SELECT id AS customer_id FROM account_as_of(connection = {connection:String}, as_of = {as_of:DateTime64(3)})
  WHERE {everybody:UInt8} AND {unit:String} = 'account'
  UNION ALL
  SELECT id AS customer_id FROM contact_as_of(connection = {connection:String}, as_of = {as_of:DateTime64(3)})
  WHERE {everybody:UInt8} AND {unit:String} = 'contact'
)
WHERE customer_id IS NOT NULL AND cityHash64(customer_id) % 1000 < {permille:UInt32}
ORDER BY customer_id
