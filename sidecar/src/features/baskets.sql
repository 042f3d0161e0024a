-- What was in which order: one row a customer, order day and product, oldest first.
SELECT
  customer_id,
  deal_id,
  won_at AS at,
  product,
  any(name) AS name
FROM
(
  SELECT if({unit:String} = 'contact', contact_id, account_id) AS customer_id, deal_id, won_at, product, name
  FROM order_line_as_of(connection = {connection:String}, as_of = {as_of:DateTime64(3)})
  WHERE product IS NOT NULL AND (quantity IS NULL OR quantity > 0) AND (value IS NULL OR value > 0)
)
WHERE customer_id IS NOT NULL AND cityHash64(customer_id) % 1000 < {permille:UInt32}
GROUP BY customer_id, deal_id, at, product
ORDER BY customer_id, at, deal_id, product
