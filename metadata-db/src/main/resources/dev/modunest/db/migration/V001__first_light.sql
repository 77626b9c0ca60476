-- Accounts, namespaces, plugins, releases and what they need. Runs on PostgreSQL 15 and later.

create table accounts (
    id            bigint generated always as identity primary key,
    name          text        not null unique check (name ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and length(name) <= 64),
    administrator boolean     not null default false,
    created_at    timestamptz not null
);

-- A token is kept as its SHA-256 only.
create table tokens (
    id         bigint generated always as identity primary key,
    account_id bigint      not null references accounts (id),
    sha256     text        not null unique check (sha256 ~ '^[0-9a-f]{64}$'),
    label      text        not null,
    created_at timestamptz not null
);
create index tokens_account_id on tokens (account_id);

create table namespaces (
    name             text primary key check (name ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and length(name) <= 64),
    owner_account_id bigint      not null references accounts (id),
    created_at       timestamptz not null
);
create index namespaces_owner_account_id on namespaces (owner_account_id);

-- title to homepage are those of the latest release.
create table plugins (
    id             bigint generated always as identity primary key,
    namespace      text        not null references namespaces (name),
    name           text        not null check (name ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and length(name) <= 64),
    title          text,
    description    text,
    license        text,
    homepage       text,
    categories     text[]      not null default '{}',
    latest_version text        not null,
    created_at     timestamptz not null,
    updated_at     timestamptz not null,
    unique (namespace, name)
);

-- The bytes that S3 holds under artifacts/sha256/<digest>.
create table artifacts (
    digest     text primary key check (digest ~ '^[0-9a-f]{64}$'),
    size       bigint      not null check (size > 0),
    created_at timestamptz not null
);

-- The manifest is kept byte for byte.
create table releases (
    id                   bigint generated always as identity primary key,
    plugin_id            bigint      not null references plugins (id),
    version              text        not null check (length(version) <= 256),
    digest               text        not null references artifacts (digest),
    manifest             text        not null,
    host_range           text,
    yanked_reason        text,
    publisher_account_id bigint      not null references accounts (id),
    published_at         timestamptz not null,
    unique (plugin_id, version)
);
create index releases_digest on releases (digest);
create index releases_publisher_account_id on releases (publisher_account_id);

create table dependencies (
    release_id     bigint  not null references releases (id),
    position       int     not null,
    namespace      text    not null,
    name           text    not null,
    version_range  text    not null,
    optional       boolean not null,
    primary key (release_id, position),
    unique (release_id, namespace, name)
);
create index dependencies_required on dependencies (namespace, name);

-- What other processes are to be told, in the order of id.
create table outbox (
    id         bigint generated always as identity primary key,
    kind       text        not null,
    payload    jsonb       not null,
    created_at timestamptz not null
);
