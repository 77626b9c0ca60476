-- When the bytes of a deleted release were removed from the storage; null: they are still to be removed.
alter table releases
    add column bytes_removed_at timestamptz,
    add constraint releases_bytes_removed check (bytes_removed_at is null or deleted_at is not null);
create index releases_bytes_to_remove on releases (deleted_at) where deleted_at is not null and bytes_removed_at is null;
