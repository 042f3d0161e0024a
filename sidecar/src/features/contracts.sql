-- When the first subscription began, as far as that is known.
SELECT min(started_at) AS first_subscription_at
FROM subscription_as_of(connection = {connection:String}, as_of = {as_of:DateTime64(3)})
WHERE started_at <= {as_of:DateTime64(3)} AND if({unit:String} = 'contact', contact_id, account_id) IS NOT NULL
