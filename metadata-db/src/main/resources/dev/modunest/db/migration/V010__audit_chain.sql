-- Each entry is chained to the one before by its hash (docs/format/audit.md). Entries of before have no sequence.
alter table audit
    add column sequence      bigint check (sequence > 0),
    add column previous_hash text check (previous_hash ~ '^[0-9a-f]{64}$'),
    add column hash          text check (hash ~ '^[0-9a-f]{64}$'),
    add constraint audit_chained check (num_nulls(sequence, previous_hash, hash) in (0, 3));
-- Of one sequence there is one entry: audit_head is locked by who writes the next. The index cannot say so without at.
create unique index audit_sequence on audit (sequence, at);
create index audit_action on audit (action, id);
create index audit_actor on audit (account, id);

-- The last entry. Locked after everything else in a transaction, so that nobody who holds it waits for another.
create table audit_head (
    single   boolean primary key default true check (single),
    sequence bigint not null check (sequence >= 0),
    hash     text   not null check (hash ~ '^[0-9a-f]{64}$')
);
insert into audit_head (sequence, hash) values (0, repeat('0', 64));

create function audit_append_only() returns trigger language plpgsql as $$
begin
    raise exception 'the audit is append-only: % of % is refused', lower(tg_op), tg_table_name
        using errcode = 'insufficient_privilege';
end
$$;
create trigger audit_append_only before update or delete on audit for each row execute function audit_append_only();
create trigger audit_no_truncate before truncate on audit for each statement execute function audit_append_only();
-- Unlike triggers of rows those of statements are not handed down to partitions.
do $$
declare
    partition regclass;
begin
    for partition in select inhrelid::regclass from pg_inherits where inhparent = 'audit'::regclass loop
        execute format(
            'create trigger audit_no_truncate before truncate on %s for each statement execute function audit_append_only()',
            partition);
    end loop;
end
$$;
