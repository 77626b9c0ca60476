package dev.modunest.db;

import dev.modunest.format.Coordinate;
import dev.modunest.format.LookAlikes;
import dev.modunest.format.PluginId;
import dev.modunest.format.Version;

import org.jdbi.v3.core.Handle;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Plugins, by id. */
public final class PluginStore {

    static final String COLUMNS =
            """
            namespace, name, title, description, license, homepage, categories, latest_version, created_at, updated_at,
            deprecated, downloads_30d, downloads_total
            """;

    private final Handle handle;

    PluginStore(Handle handle) {
        this.handle = handle;
    }

    public Optional<PluginRecord> find(PluginId id) {
        return handle.createQuery(
                        "select "
                                + COLUMNS
                                + " from plugins where namespace = :namespace and name = :name")
                .bind("namespace", id.namespace())
                .bind("name", id.name())
                .map((row, context) -> plugin(row))
                .findOne();
    }

    /**
     * The row of the plugin, made when it is new; locked until the transaction ends. {@link
     * #refresh} describes it.
     */
    long insertIfAbsent(Coordinate coordinate, Instant now) {
        holdNamespace(coordinate.plugin().namespace());
        handle.createUpdate(
                        """
                        insert into plugins (namespace, name, latest_version, created_at, updated_at)
                        values (:namespace, :name, :version, :now, :now)
                        on conflict (namespace, name) do nothing
                        """)
                .bind("namespace", coordinate.plugin().namespace())
                .bind("name", coordinate.plugin().name())
                .bind("version", coordinate.version().toString())
                .bind("now", now)
                .execute();
        return lock(coordinate.plugin())
                .orElseThrow(() -> new IllegalStateException("the plugin was just inserted"));
    }

    /**
     * Describes the plugin by its newest live release, a stable one before a pre-release; without
     * one the plugin is no longer listed. Comes after every change of the states of its releases,
     * in the same transaction. Locks the plugin until the transaction ends, so that of two changes
     * at the same time the second sees the first.
     */
    public void refresh(PluginId id, Instant now) {
        holdNamespace(id.namespace());
        Optional<Long> plugin = lock(id);
        if (plugin.isEmpty()) {
            return;
        }
        Optional<Newest> newest = newest(plugin.get());
        newest.ifPresentOrElse(
                release -> describe(plugin.get(), release, now), () -> unlist(plugin.get()));
    }

    /**
     * Waits for who makes the namespace private or public, and has them wait: one of the two sees
     * what the other did, so that no plugin of a private namespace is listed. Comes before the lock
     * of a plugin, as it does there.
     */
    private void holdNamespace(String namespace) {
        handle.createQuery("select name from namespaces where name = :namespace for share")
                .bind("namespace", namespace)
                .mapTo(String.class)
                .findOne();
    }

    /**
     * Lists the plugins of a namespace that have a live release, or takes all of them out of lists.
     * Comes after {@link NamespaceStore#lock}.
     */
    public void listAll(String namespace, boolean listed) {
        handle.createUpdate(
                        """
                        update plugins p
                        set listed = :listed and exists (
                            select 1 from releases r where r.plugin_id = p.id and r.status = 'live')
                        where p.namespace = :namespace
                        """)
                .bind("namespace", namespace)
                .bind("listed", listed)
                .execute();
    }

    private Optional<Long> lock(PluginId id) {
        return handle.createQuery(
                        "select id from plugins where namespace = :namespace and name = :name for update")
                .bind("namespace", id.namespace())
                .bind("name", id.name())
                .mapTo(long.class)
                .findOne();
    }

    private record Newest(
            String version, String manifest, boolean deprecated, Instant publishedAt) {}

    private Optional<Newest> newest(long plugin) {
        return handle.createQuery(
                        """
                        select version, manifest, deprecated_reason is not null as deprecated, published_at
                        from releases
                        where plugin_id = :plugin and status = 'live'
                        order by prerelease, version_order desc
                        limit 1
                        """)
                .bind("plugin", plugin)
                .map(
                        (row, context) ->
                                new Newest(
                                        row.getString("version"),
                                        row.getString("manifest"),
                                        row.getBoolean("deprecated"),
                                        row.getTimestamp("published_at").toInstant()))
                .findOne();
    }

    private void describe(long plugin, Newest newest, Instant now) {
        Description says = Description.read(newest.manifest());
        handle.createUpdate(
                        """
                        update plugins p
                        set title = :title, description = :description, license = :license,
                            homepage = :homepage, categories = :categories, latest_version = :version,
                            updated_at = :published, deprecated = :deprecated,
                            listed = not (select n.private from namespaces n where n.name = p.namespace),
                            rank_score = rank_score(p.downloads_30d, :published, n.verified, :now)
                        from namespaces n
                        where p.id = :plugin and n.name = p.namespace
                        """)
                .bind("title", says.title().orElse(null))
                .bind("description", says.description().orElse(null))
                .bind("license", says.license().orElse(null))
                .bind("homepage", says.homepage().orElse(null))
                .bindArray("categories", String.class, says.categories())
                .bind("version", newest.version())
                .bind("published", newest.publishedAt())
                .bind("deprecated", newest.deprecated())
                .bind("now", now)
                .bind("plugin", plugin)
                .execute();
    }

    private void unlist(long plugin) {
        handle.createUpdate("update plugins set listed = false where id = :plugin")
                .bind("plugin", plugin)
                .execute();
    }

    /**
     * Popular plugins of others than {@code ownerAccountId} and the owner of the namespace that
     * {@code id} resembles ({@link LookAlikes}), the most downloaded first.
     */
    public List<PluginId> popularLike(PluginId id, long ownerAccountId) {
        return handle
                .createQuery(
                        """
                        select p.namespace, p.name
                        from plugins p
                        join namespaces n on n.name = p.namespace
                        where p.popular_keys && :keys::text[] and p.popular_keys is not null
                          and n.owner_account_id is distinct from :owner
                          and not exists (
                              select 1 from namespaces mine
                              where mine.name = :namespace
                                and mine.owner_account_id is not distinct from n.owner_account_id
                                and mine.owner_organization_id is not distinct from n.owner_organization_id)
                        order by p.downloads_30d desc, p.id
                        """)
                .bindArray("keys", String.class, LookAlikes.keys(id.name()))
                .bind("owner", ownerAccountId)
                .bind("namespace", id.namespace())
                .map(
                        (row, context) ->
                                new PluginId(row.getString("namespace"), row.getString("name")))
                .stream()
                .filter(popular -> LookAlikes.resemble(popular, id))
                .toList();
    }

    /** Another plugin of the namespace whose name is the same but for its hyphens. */
    public Optional<PluginId> findSpelledAlike(PluginId id) {
        return handle.createQuery(
                        """
                        select name from plugins
                        where namespace = :namespace and name <> :name
                          and replace(name, '-', '') = replace(:name, '-', '')
                        order by name limit 1
                        """)
                .bind("namespace", id.namespace())
                .bind("name", id.name())
                .mapTo(String.class)
                .findOne()
                .map(name -> new PluginId(id.namespace(), name));
    }

    /** Whether releases of the plugin are taken from trusted publishers alone. */
    public boolean isTrustedPublishingOnly(PluginId id) {
        return handle.createQuery(
                        """
                        select exists (
                            select 1 from plugins
                            where namespace = :namespace and name = :name and trusted_publishing_only)
                        """)
                .bind("namespace", id.namespace())
                .bind("name", id.name())
                .mapTo(boolean.class)
                .one();
    }

    /** Whether there is such a plugin. */
    public boolean setTrustedPublishingOnly(PluginId id, boolean only) {
        return handle.createUpdate(
                                """
                                update plugins set trusted_publishing_only = :only
                                where namespace = :namespace and name = :name
                                """)
                        .bind("namespace", id.namespace())
                        .bind("name", id.name())
                        .bind("only", only)
                        .execute()
                == 1;
    }

    static PluginRecord plugin(ResultSet row) throws SQLException {
        return new PluginRecord(
                new PluginId(row.getString("namespace"), row.getString("name")),
                Optional.ofNullable(row.getString("title")),
                Optional.ofNullable(row.getString("description")),
                Optional.ofNullable(row.getString("license")),
                Optional.ofNullable(row.getString("homepage")),
                List.of((String[]) row.getArray("categories").getArray()),
                Version.parse(row.getString("latest_version")),
                row.getTimestamp("created_at").toInstant(),
                row.getTimestamp("updated_at").toInstant(),
                row.getBoolean("deprecated"),
                row.getLong("downloads_30d"),
                row.getLong("downloads_total"));
    }
}
