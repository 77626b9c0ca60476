-- The releases of a plugin page by page, newest version first.
create index releases_in_order on releases (plugin_id, version_order desc);
