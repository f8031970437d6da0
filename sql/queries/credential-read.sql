-- What a sign-in is held against. An account whose role does not fit what it is bound to may not come in.
-- $1 text: account
-- -> password_hash, totp_sealed: hexadecimal, totp boolean: codes are asked for, role
SELECT c.password_hash, encode(c.totp_sealed, 'hex') AS totp_sealed, c.totp_since IS NOT NULL AS totp, a.role
FROM account a
JOIN credential c ON c.account = a.name
WHERE a.name = $1 AND a.removed_at IS NULL AND a.disabled_at IS NULL
  AND (a.agency_id IS NOT NULL) = (a.role IN ('agency_manager', 'agency_clerk', 'enterprise'))
  AND (a.enterprise_id IS NOT NULL) = (a.role = 'enterprise')
