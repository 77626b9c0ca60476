-- The request that began a publish, for the audit: another server may end it.
alter table publishes add column request_id text;
