-- Whether anything of that kind was known on that day at all.
SELECT count() AS known FROM (SELECT 1 FROM /* records */ LIMIT 1)
