-- Endpoints in use: with one of the secrets sealed for each channel.
-- -> channel, endpoints int, url, sealed (hexadecimal)
SELECT channel, count(*)::int AS endpoints, min(url) AS url,
       (array_agg(encode(secret_sealed, 'hex') ORDER BY endpoint_id DESC))[1] AS sealed
FROM endpoint WHERE disabled_at IS NULL GROUP BY channel ORDER BY channel
