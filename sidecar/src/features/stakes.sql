-- What a warning is about: who looks after the customer, whether that person is still there, and the money of a year.
WITH
  (SELECT count() FROM user_as_of(connection = {connection:String}, as_of = {as_of:DateTime64(3)})) AS users
SELECT
  c.customer_id AS id,
  c.name AS name,
  c.owner_id AS owner_id,
  -- Somebody who is on the list of users no more has left; without a list nobody is known to have.
  if(u.id = '' AND users > 0, 0, u.is_active) AS owner_is_active,
  m.money AS money
FROM
(
  SELECT id AS customer_id, name, owner_id FROM account_as_of(connection = {connection:String}, as_of = {as_of:DateTime64(3)})
  WHERE {unit:String} = 'account' AND id IN ({ids:Array(String)})
  UNION ALL
  SELECT id AS customer_id, name, owner_id FROM contact_as_of(connection = {connection:String}, as_of = {as_of:DateTime64(3)})
  WHERE {unit:String} = 'contact' AND id IN ({ids:Array(String)})
) AS c
GLOBAL LEFT JOIN
(
  SELECT id, is_active FROM user_as_of(connection = {connection:String}, as_of = {as_of:DateTime64(3)})
) AS u ON c.owner_id = u.id
GLOBAL LEFT JOIN
(
  SELECT if({unit:String} = 'contact', contact_id, account_id) AS customer_id, sum(value) AS money
  FROM deal_on_day(day = {day:String})
  WHERE won_at > {as_of:DateTime64(3)} - INTERVAL 365 DAY AND value > 0
  GROUP BY customer_id
) AS m ON c.customer_id = m.customer_id
ORDER BY id
