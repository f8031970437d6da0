CREATE TABLE push (patent_id bigint NOT NULL, push_id uuid NOT NULL);
SELECT create_distributed_table('push', 'push_id');
