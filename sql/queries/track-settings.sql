-- Until the transaction ends: room to sort an agency's rows, single rows by index rather than whole tables, no compiling of plans
-- whose costs can't be estimated, plans of cursors for all of their rows.
-- -> four columns, of no interest
SELECT set_config('work_mem', '64MB', true), set_config('random_page_cost', '1.1', true), set_config('jit', 'off', true),
       set_config('cursor_tuple_fraction', '1', true)
