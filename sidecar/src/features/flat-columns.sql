-- What columns a flat table has, how full they are, and whether they hold numbers, dates or words.
SELECT
  name,
  count() AS filled,
  uniq(value) AS distinct_values,
  countIf(toFloat64OrNull(value) IS NOT NULL) AS numeric,
  countIf(match(value, '^\\d{4}-\\d{2}-\\d{2}')) AS dates
FROM
(
  SELECT arrayJoin(mapKeys(attributes)) AS name, attributes[name] AS value
  FROM (/* flat-rows.sql */)
)
WHERE value IS NOT NULL AND value != ''
GROUP BY name
ORDER BY name
