-- Whether deals hang on accounts or on contacts; where there are no deals, whether subscriptions do.
WITH (SELECT count() FROM deal_on_day(day = {day:String})) AS deals
SELECT
  countIf(account_id IS NOT NULL) AS with_account,
  countIf(account_id IS NULL AND contact_id IS NOT NULL) AS with_contact_only
FROM
(
  SELECT account_id, contact_id FROM deal_on_day(day = {day:String})
  UNION ALL
  SELECT account_id, contact_id FROM subscription_as_of(connection = {connection:String}, as_of = {as_of:DateTime64(3)})
  WHERE deals = 0
)
