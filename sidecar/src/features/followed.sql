-- Outcome: what each customer bought in the days after that instant, net of what came back, and on how many days. An order at
-- that very instant is known then, as in `silence`. Read with the knowledge of `known_day`, which is later than the end.
SELECT
  customer_id,
  sum(value) AS money,
  uniqExactIf(toDate(won_at, 'UTC'), value IS NULL OR value > 0 OR amount = 0) AS order_days
FROM
(
  SELECT if({unit:String} = 'contact', contact_id, account_id) AS customer_id, won_at, value, amount
  FROM deal_on_day(day = {known_day:String})
  WHERE won_at > {as_of:DateTime64(3)} AND won_at <= {until:DateTime64(3)}
)
WHERE customer_id IS NOT NULL AND cityHash64(customer_id) % 1000 < {permille:UInt32}
GROUP BY customer_id
ORDER BY customer_id
