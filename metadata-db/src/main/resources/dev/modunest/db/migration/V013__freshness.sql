-- Freshness (docs/format/freshness.md): the files below /tuf/, and how far their writer has come.

-- document: what a file is a version of; the next version takes its place. replaced_at: when it did; null: the file is current.
create table tuf_files (
    path        text primary key,
    document    text        not null,
    content     bytea       not null,
    created_at  timestamptz not null,
    replaced_at timestamptz
);
create index tuf_files_current on tuf_files (document) where replaced_at is null;
create index tuf_files_replaced on tuf_files (replaced_at) where replaced_at is not null;

-- fence: as of log_shards. serial: the change of the index up to which the files tell; null: everything is to be looked at.
-- filled: while everything is looked at, the hash of the target of the last plugin that was, in hex.
create table tuf_state (
    single boolean primary key default true check (single),
    fence  bigint not null default 0,
    serial bigint check (serial >= 0),
    filled text check (filled ~ '^([0-9a-f]{64})?$')
);
insert into tuf_state default values;

-- revoked.json as the keeper of its key signed it last, which the writer takes.
create table tuf_revocations (
    single    boolean primary key default true check (single),
    version   bigint      not null check (version > 0),
    document  bytea       not null,
    content   bytea       not null,
    signed_at timestamptz not null
);

-- Everything is looked at in the order of the targets' hashes, so that a batch is of few bins.
create index plugins_target on plugins (sha256(('index/' || namespace || '/' || name || '.json')::bytea));

-- quarantined_at: when the reason was given first.
alter table releases add column quarantined_at timestamptz;
update releases r
set quarantined_at = coalesce(
    (select max(a.at) from audit a, plugins p
     where p.id = r.plugin_id and a.subject = p.namespace || '/' || p.name || '@' || r.version
       and a.action = 'release.quarantined'), r.published_at)
where quarantined_reason is not null;
create index releases_taken_down on releases (id) where status in ('quarantined', 'deleted');
