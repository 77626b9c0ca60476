-- What a large registry needs: version order, release states, serial numbers, publishes that outlive a request, and tables that grow
-- by the day cut into partitions. Runs on PostgreSQL 15 and later.

create extension if not exists pg_trgm;

-- Text whose order under collation "C" is the order of semantic versions (semver.org 2.0.0, clause 11), from the canonical form of a version.
-- A number stands behind its length; a normal version ends with '~', which is above all; a blank, below all, ends an identifier.
create function version_order(version text) returns text language plpgsql immutable strict parallel safe as $$
declare
    hyphen  int  := position('-' in version);
    ordered text := '';
    part    text;
begin
    foreach part in array string_to_array(case when hyphen = 0 then version else left(version, hyphen - 1) end, '.') loop
        ordered := ordered || chr(64 + length(part)) || part;
    end loop;
    if hyphen = 0 then
        return ordered || '~';
    end if;
    foreach part in array string_to_array(substr(version, hyphen + 1), '.') loop
        ordered := ordered || case when part ~ '^[0-9]+$' then '0' || lpad(length(part)::text, 3, '0') else '1' end || part || ' ';
    end loop;
    return ordered;
end $$;

-- An artifact names its coordinate in its manifest, so that it belongs to one release: its digest and size are the release's own.
-- requires is what the sparse index tells of the dependencies, as JSON; the table dependencies answers who requires a plugin.
-- yanked, deprecated, quarantined and deleted are separate facts; status is the strongest of them.
alter table releases
    add column size                   bigint,
    add column requires               text not null default '[]',
    add column version_order          text collate "C" not null generated always as (version_order(version)) stored,
    add column prerelease             boolean not null generated always as (position('-' in version) > 0) stored,
    add column deprecated_reason      text,
    add column deprecated_replacement text,
    add column quarantined_reason     text,
    add column deleted_reason         text,
    add column deleted_at             timestamptz,
    add constraint releases_deleted check ((deleted_at is null) = (deleted_reason is null)),
    add constraint releases_replacement check (deprecated_replacement is null or deprecated_reason is not null);
alter table releases
    add column status text not null generated always as (
        case when deleted_at is not null then 'deleted'
             when quarantined_reason is not null then 'quarantined'
             when yanked_reason is not null then 'yanked'
             else 'live' end) stored;
update releases r
set size = (select a.size from artifacts a where a.digest = r.digest),
    requires = coalesce(
        (select json_agg(json_build_object('plugin', d.namespace || '/' || d.name, 'range', d.version_range, 'optional', d.optional)
                         order by d.position)::text
         from dependencies d where d.release_id = r.id), '[]');
alter table releases
    drop constraint releases_digest_fkey,
    alter column size set not null,
    add constraint releases_size check (size > 0),
    add constraint releases_digest check (digest ~ '^[0-9a-f]{64}$');
drop index releases_digest;
create unique index releases_digest on releases (digest);
create index releases_newest on releases (plugin_id, prerelease, version_order desc) where status = 'live';
drop table artifacts;

-- Serial numbers order every change of the index: taken under the lock of this row, which the transaction holds to its end, so that they
-- become visible in their order and without a gap.
create table registry_serial (
    single boolean primary key default true check (single),
    value  bigint not null
);
insert into registry_serial (value) values (0);

-- What other processes are to be told, by serial number. Each table below that is cut into partitions has one for what no other holds;
-- the server makes and drops the others (PartitionStore).
drop table outbox;
create table outbox (
    serial     bigint      not null,
    kind       text        not null,
    namespace  text        not null,
    name       text        not null,
    payload    jsonb       not null,
    created_at timestamptz not null,
    primary key (serial, created_at)
) partition by range (created_at);
create table outbox_default partition of outbox default;

-- A publish that was answered before it was over, or is over. staging_key: the uploaded bytes, kept while the publish is not over.
-- Whoever works on it extends the lease; without one, any server takes it up.
create table publishes (
    id           uuid primary key,
    account_id   bigint      not null references accounts (id),
    namespace    text        not null,
    name         text        not null,
    version      text        not null,
    state        text        not null check (state in ('received', 'inspecting', 'verifying', 'queued', 'live', 'refused')),
    digest       text,
    size         bigint,
    staging_key  text,
    problem      jsonb,
    lease_until  timestamptz,
    created_at   timestamptz not null,
    updated_at   timestamptz not null,
    check ((state = 'refused') = (problem is not null)),
    check (state in ('live', 'refused') or staging_key is not null)
);
create index publishes_unfinished on publishes (lease_until) where state not in ('live', 'refused');
create index publishes_account on publishes (account_id, created_at desc);
create index publishes_updated_at on publishes (updated_at);

-- The first answer to a mutation, written with its effect.
create table idempotency_keys (
    account_id  bigint      not null references accounts (id),
    key         text        not null check (length(key) between 1 and 255),
    fingerprint text        not null,
    status      int         not null,
    headers     jsonb       not null,
    body        text        not null,
    created_at  timestamptz not null,
    primary key (account_id, key)
);
create index idempotency_keys_created_at on idempotency_keys (created_at);

-- Downloads by release and day (UTC).
create table downloads (
    day        date   not null,
    plugin_id  bigint not null,
    release_id bigint not null,
    count      bigint not null check (count > 0),
    primary key (release_id, day)
) partition by range (day);
create index downloads_plugin on downloads (plugin_id, day);
create table downloads_default partition of downloads default;

-- The last batch that each source of counts had counted: batches of a source come in order, so that one at or below it was counted before.
create table download_sources (
    source        text primary key check (length(source) between 1 and 64),
    last_sequence bigint      not null,
    updated_at    timestamptz not null
);

-- Who did what, when, and why.
create table audit (
    id         bigint generated always as identity,
    at         timestamptz not null,
    account_id bigint,
    account    text        not null,
    action     text        not null,
    subject    text        not null,
    reason     text,
    request_id text,
    detail     jsonb       not null default '{}',
    primary key (id, at)
) partition by range (at);
create index audit_subject on audit (subject, at);
create index audit_account on audit (account_id, at);
create table audit_default partition of audit default;

alter table namespaces add column verified boolean not null default false;
