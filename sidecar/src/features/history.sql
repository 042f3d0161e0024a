-- How long and how rich the order history is, in one row.
WITH orders AS
(
  SELECT if({unit:String} = 'contact', contact_id, account_id) AS customer_id, toDate(won_at, 'UTC') AS day, won_at, value, amount, currency, home_amount
  FROM deal_on_day(day = {day:String})
  WHERE won_at IS NOT NULL AND (value IS NULL OR value > 0 OR amount = 0)
)
SELECT
  count() AS orders,
  countIf(customer_id IS NULL) AS orders_without_customer,
  uniqExact(customer_id) AS customers,
  min(won_at) AS first_order_at,
  max(won_at) AS last_order_at,
  -- Amounts that nobody converted, amounts that somebody did, and what the company's own currency is by the look of them.
  arrayStringConcat(arraySort(groupUniqArrayIf(assumeNotNull(currency), home_amount IS NULL AND value IS NOT NULL AND currency IS NOT NULL)), ' ') AS unconverted,
  countIf(home_amount IS NOT NULL) AS converted,
  arrayStringConcat(groupUniqArrayIf(assumeNotNull(currency), home_amount = amount AND amount != 0 AND currency IS NOT NULL), ' ') AS own
FROM orders
