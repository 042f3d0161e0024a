-- Open deals as they were known on that day: where they stand, since when, for how much, and by when they were meant to close.
-- What only today's row tells (`…_dated` is 0) says nothing about that day: that it is missing would tell how the deal ended.
SELECT
  id AS deal_id,
  if({unit:String} = 'contact', contact_id, account_id) AS customer_id,
  owner_id,
  pipeline,
  type,
  if(stage_dated = 1, stage, NULL) AS stage,
  dateDiff('hour', created_at, {as_of:DateTime64(3)}) / 24 AS age_days,
  if(stage_dated = 1, dateDiff('hour', stage_since, {as_of:DateTime64(3)}) / 24, NULL) AS days_in_stage,
  if(plan_dated = 1 AND planned_close_at > {as_of:DateTime64(3)}, dateDiff('hour', {as_of:DateTime64(3)}, planned_close_at) / 24, NULL) AS days_to_plan,
  if(plan_dated = 1, if(planned_close_at <= {as_of:DateTime64(3)}, dateDiff('hour', planned_close_at, {as_of:DateTime64(3)}) / 24, if(planned_close_at IS NULL, NULL, 0)), NULL) AS days_overdue,
  if(amount_dated = 1, coalesce(home_amount, amount), NULL) AS amount
FROM deal_on_day(day = {day:String})
WHERE is_closed = 0 AND cityHash64(id) % 1000 < {permille:UInt32}
ORDER BY deal_id
