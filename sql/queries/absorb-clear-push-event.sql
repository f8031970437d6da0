-- What absorb-move-push-event has moved.
-- $1 bigint: the patent that was merged
DELETE FROM push_event WHERE patent_id = $1::bigint
