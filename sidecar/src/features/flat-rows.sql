-- A table of customers or leads as it stands. What has a column of its own in the store counts as an attribute like the others.
SELECT id, created_at, NULL AS ended_at, mapConcat(attributes, map('industry', industry, 'type', type, 'country', country, 'city', city, 'employees', toString(employees), 'annual revenue', toString(annual_revenue), 'created', toString(toDate(created_at, 'UTC')))) AS attributes
FROM account_as_of(connection = {connection:String}, as_of = {as_of:DateTime64(3)})
WHERE {kind:String} = 'account'
UNION ALL
SELECT id, created_at, NULL AS ended_at, mapConcat(attributes, map('title', title, 'country', country)) AS attributes
FROM contact_as_of(connection = {connection:String}, as_of = {as_of:DateTime64(3)})
WHERE {kind:String} = 'contact'
UNION ALL
SELECT id, created_at, converted_at AS ended_at, mapConcat(attributes, map('source', source, 'status', status, 'weekday of creation', ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'][toDayOfWeek(created_at)])) AS attributes
FROM lead_as_of(connection = {connection:String}, as_of = {as_of:DateTime64(3)})
WHERE {kind:String} = 'lead'
