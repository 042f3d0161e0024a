-- What was in which order: one row a line, oldest order first; a product that stands in two lines of one order comes twice in a row.
SELECT
  customer_id,
  deal_id,
  won_at AS at,
  product,
  name
FROM
(
  SELECT if({unit:String} = 'contact', contact_id, account_id) AS customer_id, deal_id, won_at, product, name
  FROM order_line_on_day(connection = {connection:String}, as_of = {as_of:DateTime64(3)}, day = {day:String})
  WHERE product IS NOT NULL AND (quantity IS NULL OR quantity > 0) AND (value IS NULL OR value > 0)
)
WHERE customer_id IS NOT NULL AND cityHash64(customer_id) % 1000 < {permille:UInt32}
ORDER BY customer_id, at, deal_id, product, name
