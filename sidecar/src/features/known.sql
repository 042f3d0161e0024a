-- Whether anything of that kind was known on that day at all.
SELECT count() AS known FROM (SELECT 1 FROM /* kind */_as_of(connection = {connection:String}, as_of = {as_of:DateTime64(3)}) LIMIT 1)
