-- What people call these customers.
SELECT id, name FROM account_as_of(connection = {connection:String}, as_of = {as_of:DateTime64(3)}) WHERE {unit:String} = 'account' AND id IN ({ids:Array(String)})
UNION ALL
SELECT id, name FROM contact_as_of(connection = {connection:String}, as_of = {as_of:DateTime64(3)}) WHERE {unit:String} = 'contact' AND id IN ({ids:Array(String)})
