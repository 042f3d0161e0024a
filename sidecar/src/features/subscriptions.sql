-- What a customer pays for by the month, and when it renews.
WITH toDate({as_of:DateTime64(3)}, 'UTC') AS today
SELECT
  customer_id,
  countIf(is_active) AS subscriptions_active,
  if(subscriptions_active > 0 AND countIf(is_active AND amount IS NOT NULL) = 0, NULL, sumIf(ifNull(amount, 0), is_active)) AS monthly_amount,
  min(if(is_active AND toDate(renews_at, 'UTC') >= today, dateDiff('day', today, toDate(renews_at, 'UTC')), NULL)) AS days_to_renewal,
  max(if(is_active, age, NULL)) AS contract_age_days,
  min(if(is_active, 365 - age % 365, NULL)) AS days_to_anniversary
FROM
(
  SELECT
    if({unit:String} = 'contact', contact_id, account_id) AS customer_id,
    ifNull(started_at <= {as_of:DateTime64(3)}, 1) AND ended_at IS NULL AS is_active,
    monthly_amount AS amount,
    if(started_at <= {as_of:DateTime64(3)}, dateDiff('day', toDate(started_at, 'UTC'), today), NULL) AS age,
    renews_at
  FROM subscription_as_of(connection = {connection:String}, as_of = {as_of:DateTime64(3)})
)
WHERE customer_id IS NOT NULL AND cityHash64(customer_id) % 1000 < {permille:UInt32}
GROUP BY customer_id
ORDER BY customer_id
