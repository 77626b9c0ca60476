-- Certificates of publishers. They stay when they are over: signatures of their time are still checked against them.
-- kind: keyed, of a key that the publisher keeps, or ci, of a job. invalid_from: signatures from then on are bad (RFC 5280, 5.3.2).
create table certificates (
    serial            text primary key check (serial ~ '^[0-9a-f]{1,40}$'),
    issuer            text        not null,
    namespace         text        not null references namespaces (name),
    account_id        bigint      not null references accounts (id),
    kind              text        not null check (kind in ('keyed', 'ci')),
    key_sha256        text        not null,
    der               bytea       not null,
    not_before        timestamptz not null,
    not_after         timestamptz not null,
    issued_at         timestamptz not null,
    revoked_at        timestamptz,
    revoked_by        bigint references accounts (id),
    revocation_reason text check (revocation_reason in ('key-compromise', 'superseded', 'cessation-of-operation')),
    invalid_from      timestamptz,
    check (num_nonnulls(revoked_at, revoked_by, revocation_reason) in (0, 3)),
    check (invalid_from is null or revocation_reason = 'key-compromise')
);
create index certificates_namespace on certificates (namespace, issued_at desc, serial);
create index certificates_key on certificates (key_sha256);
create index certificates_revoked on certificates (issuer, revoked_at, serial) where revoked_at is not null;

-- The last list of revocations of each issuing authority (RFC 5280, 5); its row is locked while the next is made.
create table revocation_lists (
    issuer      text primary key,
    number      bigint      not null,
    der         bytea       not null,
    made_at     timestamptz not null
);

-- What the token of a CI job said that was exchanged for a session: it goes into the job's certificate.
create table ci_jobs (
    session_id    uuid primary key references sessions (id) on delete cascade,
    namespace     text not null,
    plugin        text not null,
    issuer        text not null,
    build_signer  text,
    repository    text,
    repository_id text
);
