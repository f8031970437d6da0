-- Whether an account came in from an address within 90 days.
-- $1 text: account; $2 text: address; $3 timestamptz: now
-- -> boolean
SELECT $2::text <> '' AND EXISTS (SELECT FROM session WHERE account = $1 AND address = $2::text AND made_at > $3::timestamptz - interval '90 days')
       AS known
