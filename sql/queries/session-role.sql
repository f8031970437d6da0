-- Takes a role, and says whose rows it may see, until the transaction ends.
-- $1 text: the role; $2 text: the agency's id, or '' for none
-- -> two columns, both of no interest
SELECT set_config('role', $1, true), set_config('patbridge.agency', $2, true)
