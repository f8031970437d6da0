-- Where the server keeps its files, as far as the connecting user may know; none when it may not.
-- -> folder text
SELECT setting AS folder FROM pg_settings WHERE name = 'data_directory'
