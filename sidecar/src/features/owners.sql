-- How often the people who look after a customer's deals changed. The first owner of a deal is no change.
SELECT
  customer_id,
  countIf(place > 1 AND changed_at > {as_of:DateTime64(3)} - toIntervalDay(365)) AS owner_changes_365d
FROM
(
  SELECT
    if({unit:String} = 'contact', d.contact_id, d.account_id) AS customer_id,
    h.changed_at AS changed_at,
    row_number() OVER (PARTITION BY h.deal_id ORDER BY h.changed_at, h.id) AS place
  FROM
  (
    SELECT id, deal_id, changed_at FROM dealHistory_as_of(connection = {connection:String}, as_of = {as_of:DateTime64(3)})
    WHERE field = 'ownerId' AND changed_at <= {as_of:DateTime64(3)}
  ) AS h
  GLOBAL INNER JOIN
  (
    SELECT id, account_id, contact_id FROM deal_on_day(day = {day:String})
  ) AS d ON h.deal_id = d.id
)
WHERE customer_id IS NOT NULL AND cityHash64(customer_id) % 1000 < {permille:UInt32}
GROUP BY customer_id
ORDER BY customer_id
