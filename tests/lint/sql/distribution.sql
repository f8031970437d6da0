-- Where the example tables live. outbox and load_batch are not named: local.
SELECT create_distributed_table('patent', 'patent_id');
SELECT create_distributed_table('lead', 'patent_id', colocate_with => 'patent');
SELECT create_distributed_table('push', 'patent_id', colocate_with => 'patent');
SELECT create_distributed_table('patent_alias', 'number', colocate_with => 'none');
SELECT create_reference_table('need');
SELECT create_reference_table('agency');
