-- The transparency log (docs/format/log.md): what it says of itself, and its leaves before and after they are in tiles.

-- size: leaves that have an index. signed_size, signed_root: the largest tree that was signed, noted before its signature is
-- told to anybody. published_size, checkpoint: what everybody may see. fence: grows with every writer; who has a lower one is not the writer any more.
create table log_shards (
    name           text primary key check (name ~ '^[a-z0-9][a-z0-9.-]{0,63}$'),
    origin         text   not null unique check (length(origin) between 1 and 255),
    size           bigint not null default 0 check (size >= 0),
    fence          bigint not null default 0,
    signed_size    bigint not null default 0,
    signed_root    text   not null,
    published_size bigint not null default 0,
    checkpoint     text,
    check (published_size <= signed_size and signed_size <= size)
);

-- Numbered without a gap by the transaction that makes them true.
-- bundle: what a verifier needs besides the proof, a Sigstore bundle without log entries.
create table log_leaves (
    shard          text        not null references log_shards (name),
    leaf_index     bigint      not null check (leaf_index >= 0),
    kind           text        not null check (kind in ('genesis', 'publisher', 'registry', 'act')),
    entry          bytea       not null check (length(entry) between 1 and 65535),
    bundle         text        not null,
    payload_digest text        not null check (payload_digest ~ '^[0-9a-f]{64}$'),
    namespace      text,
    name           text,
    version        text,
    created_at     timestamptz not null,
    primary key (shard, leaf_index),
    check (kind not in ('publisher', 'registry') or num_nulls(namespace, name, version) = 0)
);
create index log_leaves_payload_digest on log_leaves (payload_digest);
create index log_leaves_release on log_leaves (namespace, name, version);

create function log_append_only() returns trigger language plpgsql as $$
begin
    raise exception 'the log is append-only: % of % is refused', lower(tg_op), tg_table_name
        using errcode = 'insufficient_privilege';
end
$$;
create trigger log_append_only before update or delete on log_leaves for each row execute function log_append_only();
create trigger log_no_truncate before truncate on log_leaves for each statement execute function log_append_only();

-- What a publisher signed and sent ahead of the release that names it.
create table uploaded_bundles (
    digest     text primary key check (digest ~ '^[0-9a-f]{64}$'),
    account_id bigint      not null references accounts (id),
    bundle     text        not null check (length(bundle) <= 262144),
    created_at timestamptz not null
);
create index uploaded_bundles_created_at on uploaded_bundles (created_at);

-- The largest tree that this registry cosigned as a witness of another's log (C2SP tlog-witness).
create table witnessed_logs (
    origin text primary key check (length(origin) between 1 and 255),
    size   bigint      not null check (size >= 0),
    root   text        not null,
    at     timestamptz not null
);
