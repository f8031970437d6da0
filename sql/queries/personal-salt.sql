-- The salt of a person's name.
-- $1 text: the name
-- -> salt text (hexadecimal), one row or none
SELECT encode(salt, 'hex') AS salt FROM personal_salt WHERE value = $1
