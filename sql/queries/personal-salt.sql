-- The salts of persons' names.
-- -> value text: the name, salt text (hexadecimal)
SELECT value, encode(salt, 'hex') AS salt FROM personal_salt
