-- How long and how rich the order history is, in one row.
WITH orders AS
(
  SELECT if({unit:String} = 'contact', contact_id, account_id) AS customer_id, toDate(won_at, 'UTC') AS day, won_at, value, amount, currency, home_amount
  FROM deal_as_of(connection = {connection:String}, as_of = {as_of:DateTime64(3)})
  WHERE won_at IS NOT NULL AND (value IS NULL OR value > 0 OR amount = 0)
)
SELECT
  count() AS orders,
  countIf(customer_id IS NULL) AS orders_without_customer,
  uniqExact(customer_id) AS customers,
  min(won_at) AS first_order_at,
  max(won_at) AS last_order_at,
  uniqExactIf(currency, home_amount IS NULL AND amount IS NOT NULL) AS unconverted_currencies
FROM orders
