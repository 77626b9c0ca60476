-- Who acts and what they may do: sign-in, sessions, tokens, hosts, organisations, grants. Runs on PostgreSQL 15 and later.
-- Secrets of clients are kept as SHA-256 (they have 256 random bits), passwords as Argon2id; what the server must read again (signing keys,
-- TOTP secrets) is sealed with a key that is not in the database.

-- kind: a machine is the account of a trusted publisher and never signs in.
alter table accounts
    add column kind            text not null default 'person' check (kind in ('person', 'machine')),
    add column display_name    text check (length(display_name) <= 200),
    add column disabled_at     timestamptz,
    add column password        text,
    add column totp_sealed     bytea,
    add column totp_confirmed  boolean not null default false,
    add column totp_last_step  bigint  not null default 0,
    add column failed_sign_ins int     not null default 0,
    add column last_failed_at  timestamptz;

-- Who an account is at a provider: issuer and subject never change, all else may.
create table identities (
    issuer       text        not null,
    subject      text        not null check (length(subject) <= 255),
    account_id   bigint      not null references accounts (id),
    email        text,
    claims       jsonb       not null default '{}',
    created_at   timestamptz not null,
    last_seen_at timestamptz not null,
    primary key (issuer, subject)
);
create index identities_account_id on identities (account_id);

-- scopes: '<action>:<pattern>', '*:*' for all that the account may.
alter table tokens
    add column scopes         text[] not null default '{*:*}' check (cardinality(scopes) between 1 and 50),
    add column expires_at     timestamptz,
    add column last_used_at   timestamptz,
    add column revoked_at     timestamptz,
    add column revoked_reason text;

-- A sign-in that lasts; access tokens name it, so that its end ends them.
create table sessions (
    id               uuid primary key,
    account_id       bigint      not null references accounts (id),
    kind             text        not null check (kind in ('browser', 'device', 'exchange')),
    cookie_sha256    text unique,
    scopes           text[]      not null,
    client           text        not null,
    method           text        not null,
    address          text,
    authenticated_at timestamptz not null,
    created_at       timestamptz not null,
    last_seen_at     timestamptz not null,
    expires_at       timestamptz not null,
    revoked_at       timestamptz,
    revoked_reason   text
);
create index sessions_account_id on sessions (account_id, created_at desc);
create index sessions_expires_at on sessions (expires_at);

-- One use each; a second use revokes the session, since one of the two users stole it (RFC 9700, 4.14.2).
create table refresh_tokens (
    sha256     text primary key,
    session_id uuid        not null references sessions (id) on delete cascade,
    created_at timestamptz not null,
    used_at    timestamptz
);
create index refresh_tokens_session_id on refresh_tokens (session_id);

-- RFC 8628. approved_session: of the browser in which the user agreed.
create table device_codes (
    sha256           text primary key,
    user_code        text        not null unique,
    client           text        not null,
    scopes           text[]      not null,
    state            text        not null check (state in ('pending', 'approved', 'denied', 'used')),
    account_id       bigint references accounts (id),
    authenticated_at timestamptz,
    method           text,
    address          text,
    last_polled_at   timestamptz,
    created_at       timestamptz not null,
    expires_at       timestamptz not null,
    check (state <> 'approved' or account_id is not null)
);
create index device_codes_expires_at on device_codes (expires_at);

-- A sign-in at a provider that is under way; browser_sha256 binds it to the browser that began it.
create table sign_ins (
    state_sha256   text primary key,
    provider       text        not null,
    browser_sha256 text        not null,
    sealed         bytea       not null,
    return_to      text        not null,
    created_at     timestamptz not null,
    expires_at     timestamptz not null
);
create index sign_ins_expires_at on sign_ins (expires_at);

-- The keys of access tokens. A key is published from published_at, signs from active_at to retired_at and is published until expires_at.
create table signing_keys (
    kid            text primary key,
    algorithm      text        not null,
    public_key     bytea       not null,
    private_sealed bytea       not null,
    published_at   timestamptz not null,
    active_at      timestamptz not null,
    retired_at     timestamptz not null,
    expires_at     timestamptz not null,
    check (published_at <= active_at and active_at < retired_at and retired_at < expires_at)
);

-- Assertions and ID tokens that were taken once; a second time they are refused.
create table used_assertions (
    issuer     text        not null,
    jti        text        not null check (length(jti) <= 255),
    expires_at timestamptz not null,
    primary key (issuer, jti)
);
create index used_assertions_expires_at on used_assertions (expires_at);

create table organizations (
    id           bigint generated always as identity primary key,
    name         text        not null unique check (name ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and length(name) <= 64),
    display_name text check (length(display_name) <= 200),
    created_at   timestamptz not null
);
create table organization_members (
    organization_id bigint      not null references organizations (id),
    account_id      bigint      not null references accounts (id),
    role            text        not null check (role in ('owner', 'admin', 'member')),
    added_at        timestamptz not null,
    primary key (organization_id, account_id)
);
create index organization_members_account_id on organization_members (account_id);
create table teams (
    id              bigint generated always as identity primary key,
    organization_id bigint      not null references organizations (id),
    name            text        not null check (name ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and length(name) <= 64),
    created_at      timestamptz not null,
    unique (organization_id, name)
);
create table team_members (
    team_id    bigint      not null references teams (id) on delete cascade,
    account_id bigint      not null references accounts (id),
    added_at   timestamptz not null,
    primary key (team_id, account_id)
);
create index team_members_account_id on team_members (account_id);

-- A namespace belongs to an account or to an organisation. private: only who may read it knows of it.
alter table namespaces
    alter column owner_account_id drop not null,
    add column owner_organization_id bigint references organizations (id),
    add column private               boolean not null default false,
    add column verified_by           text check (verified_by in ('administrator', 'dns', 'oidc')),
    add column verified_domain       text,
    add constraint namespaces_owner check (num_nonnulls(owner_account_id, owner_organization_id) = 1);
update namespaces set verified_by = 'administrator' where verified;
create index namespaces_owner_organization_id on namespaces (owner_organization_id) where owner_organization_id is not null;
create index namespaces_private on namespaces (name) where private;

alter table plugins
    add column trusted_publishing_only boolean not null default false;

-- Proof that the owner of a namespace holds a domain: the challenge is a TXT record of it.
create table namespace_challenges (
    namespace  text primary key references namespaces (name),
    domain     text        not null check (length(domain) <= 253),
    challenge  text        not null,
    created_at timestamptz not null,
    expires_at timestamptz not null
);
-- A transfer takes effect when the other side accepts it.
create table namespace_transfers (
    namespace          text primary key references namespaces (name),
    to_account_id      bigint references accounts (id),
    to_organization_id bigint references organizations (id),
    offered_by         bigint      not null references accounts (id),
    created_at         timestamptz not null,
    expires_at         timestamptz not null,
    check (num_nonnulls(to_account_id, to_organization_id) = 1)
);

-- A machine with a key pair of its own that downloads. patterns: of plugins that it may have, 'acme/*'.
create table hosts (
    id              uuid primary key,
    name            text        not null check (length(name) between 1 and 100),
    organization_id bigint references organizations (id),
    algorithm       text        not null check (algorithm in ('EdDSA', 'ES256')),
    public_key      bytea       not null,
    thumbprint      text        not null unique,
    patterns        text[]      not null check (cardinality(patterns) between 1 and 100),
    enrolled_by     bigint      not null references accounts (id),
    enrolled_at     timestamptz not null,
    last_seen_at    timestamptz,
    revoked_at      timestamptz,
    revoked_reason  text
);
create table enrolments (
    id              uuid primary key,
    sha256          text        not null unique,
    name            text        not null check (length(name) between 1 and 100),
    organization_id bigint references organizations (id),
    patterns        text[]      not null check (cardinality(patterns) between 1 and 100),
    created_by      bigint      not null references accounts (id),
    created_at      timestamptz not null,
    expires_at      timestamptz not null,
    used_at         timestamptz
);
create index enrolments_expires_at on enrolments (expires_at);
create index hosts_organization_id on hosts (organization_id, id);

-- Who publishes from CI: the claims that a token of the issuer must have, by their stable values. The machine account acts for it.
-- The plugin need not be there: the first release may come from CI. claims: texts by name, all of which the token has to have.
create table trusted_publishers (
    id          uuid primary key,
    namespace   text        not null references namespaces (name),
    plugin      text        not null check (plugin ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and length(plugin) <= 64),
    provider    text        not null,
    issuer      text        not null,
    claims      jsonb       not null,
    account_id  bigint      not null references accounts (id),
    created_by  bigint      not null references accounts (id),
    created_at  timestamptz not null,
    last_used_at timestamptz,
    unique (namespace, plugin, issuer, claims)
);
create index trusted_publishers_issuer on trusted_publishers (issuer);

-- What somebody may do beyond what they own: a role or single actions, on a namespace or one of its plugins.
create table grants (
    id              bigint generated always as identity primary key,
    account_id      bigint references accounts (id),
    team_id         bigint references teams (id) on delete cascade,
    organization_id bigint references organizations (id),
    host_id         uuid references hosts (id),
    role            text check (role in ('owner', 'maintainer', 'publisher', 'reader')),
    actions         text[]      not null default '{}',
    namespace       text        not null references namespaces (name),
    plugin          text check (plugin is null or (plugin ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and length(plugin) <= 64)),
    granted_by      bigint      not null references accounts (id),
    created_at      timestamptz not null,
    expires_at      timestamptz,
    check (num_nonnulls(account_id, team_id, organization_id, host_id) = 1),
    check (role is not null or cardinality(actions) > 0)
);
create index grants_account_id on grants (account_id) where account_id is not null;
create index grants_team_id on grants (team_id) where team_id is not null;
create index grants_organization_id on grants (organization_id) where organization_id is not null;
create index grants_host_id on grants (host_id) where host_id is not null;
create index grants_namespace on grants (namespace, plugin);
