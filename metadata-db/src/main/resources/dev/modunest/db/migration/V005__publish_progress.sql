-- What the server that works on a publish tells the others of its queue, each time it extends the lease.
alter table publishes
    add column position    int,
    add column expected_at timestamptz;
create index publishes_staging_key on publishes (staging_key) where state not in ('live', 'refused');
