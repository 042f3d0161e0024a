-- What columns a flat table has, how full they are, whether they hold numbers, dates or words, and whether they only number the rows.
SELECT
  name,
  count() AS filled,
  uniq(value) AS distinct_values,
  countIf(toFloat64OrNull(value) IS NOT NULL) AS numeric,
  uniqExact(toInt64OrNull(value)) = count() AND max(toInt64OrNull(value)) - min(toInt64OrNull(value)) + 1 = count() AS counts_rows,
  countIf(match(value, '^\\d{4}-\\d{2}-\\d{2}')) AS dates
FROM
(
  SELECT arrayJoin(mapKeys(attributes)) AS name, attributes[name] AS value
  FROM (/* flat-rows.sql */)
)
WHERE value IS NOT NULL AND value != ''
GROUP BY name
ORDER BY name
