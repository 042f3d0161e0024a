-- What a customer complained about, and whether it was solved.
SELECT
  customer_id,
  countIf(closed_at IS NULL) AS cases_open,
  countIf(created_at > {as_of:DateTime64(3)} - toIntervalDay(90)) AS cases_90d,
  countIf(created_at > {as_of:DateTime64(3)} - toIntervalDay(365)) AS cases_365d,
  avgIf(dateDiff('day', created_at, closed_at), closed_at IS NOT NULL) AS case_days_to_close,
  age('day', max(created_at), {as_of:DateTime64(3)}) AS days_since_last_case
FROM
(
  SELECT if({unit:String} = 'contact', contact_id, account_id) AS customer_id, created_at, closed_at
  FROM case_as_of(connection = {connection:String}, as_of = {as_of:DateTime64(3)})
)
WHERE customer_id IS NOT NULL AND cityHash64(customer_id) % 1000 < {permille:UInt32}
GROUP BY customer_id
ORDER BY customer_id
