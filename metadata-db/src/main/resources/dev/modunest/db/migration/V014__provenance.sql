-- What is signed of a release besides its publisher's statement (docs/format/trust.md): its provenance, and a second signature.
alter table log_leaves drop constraint log_leaves_kind_check;
alter table log_leaves add constraint log_leaves_kind_check
    check (kind in ('genesis', 'publisher', 'provenance', 'second', 'registry', 'act')) not valid;
alter table log_leaves drop constraint log_leaves_check;
alter table log_leaves add constraint log_leaves_check
    check (kind in ('genesis', 'act') or num_nulls(namespace, name, version) = 0) not valid;
alter table log_leaves validate constraint log_leaves_kind_check;
alter table log_leaves validate constraint log_leaves_check;

-- Which bundles a publish named besides the first.
alter table publishes add column further_bundles text[] not null default '{}'
    check (cardinality(further_bundles) <= 2);

-- What the registry found when it checked the release; of releases before this column it is read from the log.
alter table releases add column trust_level text check (trust_level in ('PS_L1', 'PS_L2', 'PS_L3', 'PS_L4'));
