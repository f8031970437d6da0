-- Until the transaction ends: room to sort an agency's rows, single rows by index rather than whole tables, no compiling of plans
-- whose costs can't be estimated.
-- -> three columns, of no interest
SELECT set_config('work_mem', '64MB', true), set_config('random_page_cost', '1.1', true), set_config('jit', 'off', true)
