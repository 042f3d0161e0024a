-- Outcome: who placed no order in the horizon after that instant. An order at that very instant (a close date without a time
-- is a midnight) is known then and belongs to the features, not to the outcome. Read with the knowledge of `known_day`, which is later than the end of the horizon.
SELECT customer_id, 1 AS ordered, min(won_at) AS next_order_at
FROM
(
  SELECT if({unit:String} = 'contact', contact_id, account_id) AS customer_id, won_at
  FROM deal_on_day(day = {known_day:String})
  WHERE won_at > {as_of:DateTime64(3)} AND won_at <= {until:DateTime64(3)} AND (value IS NULL OR value > 0 OR amount = 0)
)
WHERE customer_id IS NOT NULL AND cityHash64(customer_id) % 1000 < {permille:UInt32}
GROUP BY customer_id
ORDER BY customer_id
