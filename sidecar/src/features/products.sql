-- How broad a customer's orders are.
SELECT
  customer_id,
  uniqExact(product) AS products,
  count() / uniqExact(deal_id) AS lines_per_order
FROM
(
  SELECT if({unit:String} = 'contact', contact_id, account_id) AS customer_id, product, deal_id
  FROM order_line_on_day(connection = {connection:String}, as_of = {as_of:DateTime64(3)}, day = {day:String})
  WHERE quantity IS NULL OR quantity > 0
)
WHERE customer_id IS NOT NULL AND cityHash64(customer_id) % 1000 < {permille:UInt32}
GROUP BY customer_id
ORDER BY customer_id
