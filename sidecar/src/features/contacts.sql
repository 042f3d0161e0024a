-- How many people we know at an account.
SELECT account_id AS customer_id, count() AS contacts
FROM contact_as_of(connection = {connection:String}, as_of = {as_of:DateTime64(3)})
WHERE {unit:String} = 'account' AND account_id IS NOT NULL AND cityHash64(account_id) % 1000 < {permille:UInt32}
GROUP BY customer_id
ORDER BY customer_id
