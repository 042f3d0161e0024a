-- What people call these deals.
SELECT id, name FROM deal_as_of(connection = {connection:String}, as_of = {as_of:DateTime64(3)}) WHERE id IN ({ids:Array(String)})
