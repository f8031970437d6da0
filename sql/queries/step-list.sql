-- Every step, with its leader and what came of it.
-- -> name, fence, leader, led_since, beats, runs, failures, last_success, last_failure, last_took_ms, last_error, gauges
SELECT name, fence, leader, led_since, beats, runs, failures, last_success, last_failure, last_took_ms, last_error, gauges
FROM step ORDER BY name
