-- Whether deals hang on accounts or on contacts.
SELECT
  countIf(account_id IS NOT NULL) AS with_account,
  countIf(account_id IS NULL AND contact_id IS NOT NULL) AS with_contact_only,
  count() AS deals
FROM deal_on_day(day = {day:String})
