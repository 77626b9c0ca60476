package dev.modunest.db;

import dev.modunest.format.Dependency;
import dev.modunest.format.PluginId;
import dev.modunest.format.resolve.IndexEntry;
import dev.modunest.format.resolve.ReleaseStatus;
import dev.modunest.format.resolve.ResolveJson;

import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Fills an empty index by COPY, in one transaction: {@link #begin}, then accounts, namespaces and
 * plugins, then {@link #end}. Nothing is announced: no server is to run on the index meanwhile.
 */
public final class BulkStore {

    /** Most of the time of a large COPY goes into secondary indexes; they are made at the end. */
    private static final String SECONDARY_INDEXES =
            """
            select c.relname as name, pg_get_indexdef(i.indexrelid) as definition
            from pg_index i
            join pg_class c on c.oid = i.indexrelid
            where i.indrelid in ('plugins'::regclass, 'releases'::regclass, 'dependencies'::regclass)
              and not exists (select 1 from pg_constraint where conindid = i.indexrelid)
            order by c.relname
            """;

    private final Handle handle;

    BulkStore(Handle handle) {
        this.handle = handle;
    }

    /** Ids that the rows of one {@link #add} begin with. */
    public record Next(long plugin, long release) {}

    /** An index as {@link #begin} left it: what {@link #end} makes again. */
    public record Begun(Next next, List<String> indexes) {}

    /**
     * Shuts out everybody who publishes, to the end of the transaction.
     *
     * @return empty, and nothing changed, when the index has a plugin
     */
    public Optional<Begun> begin() {
        handle.execute("set local lock_timeout = '10s'");
        handle.execute(
                "lock table plugins, releases, dependencies, downloads, downloads_folded in exclusive mode");
        if (hasPlugins()) {
            return Optional.empty();
        }
        handle.execute("set local maintenance_work_mem = '512MB'");
        Map<String, String> indexes = new HashMap<>();
        handle.createQuery(SECONDARY_INDEXES)
                .map(
                        (row, context) ->
                                Map.entry(row.getString("name"), row.getString("definition")))
                .forEach(index -> indexes.put(index.getKey(), index.getValue()));
        indexes.keySet().forEach(name -> handle.execute("drop index " + name));
        return Optional.of(
                new Begun(
                        new Next(nextId("plugins"), nextId("releases")),
                        indexes.values().stream().sorted().toList()));
    }

    public boolean hasPlugins() {
        return handle.createQuery("select exists (select 1 from plugins)")
                .mapTo(boolean.class)
                .one();
    }

    private long nextId(String table) {
        return handle.createQuery("select nextval(pg_get_serial_sequence(:table, 'id'))")
                .bind("table", table)
                .mapTo(long.class)
                .one();
    }

    /** Accounts without a token, and namespaces that they own. */
    public void addNamespaces(List<String> accounts, List<BulkNamespace> namespaces, Instant at) {
        try (CopyRows rows = new CopyRows(handle, "accounts (name, created_at)")) {
            accounts.forEach(name -> rows.add(name, at));
        }
        Map<String, Long> ids = new HashMap<>();
        handle.createQuery("select name, id from accounts")
                .map((row, context) -> Map.entry(row.getString("name"), row.getLong("id")))
                .forEach(account -> ids.put(account.getKey(), account.getValue()));
        try (CopyRows rows =
                new CopyRows(handle, "namespaces (name, owner_account_id, verified, created_at)")) {
            for (BulkNamespace namespace : namespaces) {
                rows.add(namespace.name(), ids.get(namespace.owner()), namespace.verified(), at);
            }
        }
    }

    /**
     * Plugins of namespaces that are there, with releases by the owners of these.
     *
     * @return where the next call begins
     */
    public Next add(List<BulkPlugin> plugins, Next first) {
        Map<String, Long> owners = owners(plugins);
        copyPlugins(plugins, first.plugin());
        copyReleases(plugins, first, owners);
        copyDependencies(plugins, first.release());
        copyDownloads(plugins, first);
        long releases = plugins.stream().mapToLong(plugin -> plugin.releases().size()).sum();
        return new Next(first.plugin() + plugins.size(), first.release() + releases);
    }

    private Map<String, Long> owners(List<BulkPlugin> plugins) {
        Map<String, Long> owners = new HashMap<>();
        handle.createQuery("select name, owner_account_id from namespaces where name = any(:names)")
                .bindArray(
                        "names",
                        String.class,
                        plugins.stream().map(plugin -> plugin.id().namespace()).distinct().toList())
                .map(
                        (row, context) ->
                                Map.entry(row.getString("name"), row.getLong("owner_account_id")))
                .forEach(owner -> owners.put(owner.getKey(), owner.getValue()));
        return owners;
    }

    private void copyPlugins(List<BulkPlugin> plugins, long first) {
        try (CopyRows rows =
                new CopyRows(
                        handle,
                        """
                        plugins (id, namespace, name, title, description, license, homepage, categories, latest_version,
                                 created_at, updated_at, listed, deprecated)
                        """)) {
            long id = first;
            for (BulkPlugin plugin : plugins) {
                Optional<BulkRelease> newest = plugin.newest();
                BulkRelease describing = newest.orElse(plugin.releases().getLast());
                Description says = Description.read(describing.manifestJson());
                rows.add(
                        id++,
                        plugin.id().namespace(),
                        plugin.id().name(),
                        says.title().orElse(null),
                        says.description().orElse(null),
                        says.license().orElse(null),
                        says.homepage().orElse(null),
                        says.categories(),
                        describing.entry().coordinate().version(),
                        plugin.createdAt(),
                        publishedAt(describing),
                        newest.isPresent(),
                        describing.entry().status().deprecation().isPresent());
            }
        }
    }

    private static Instant publishedAt(BulkRelease release) {
        return release.entry().publishedAt().orElseThrow();
    }

    private void copyReleases(List<BulkPlugin> plugins, Next first, Map<String, Long> owners) {
        try (CopyRows rows =
                new CopyRows(
                        handle,
                        """
                        releases (id, plugin_id, version, digest, size, manifest, requires, host_range, publisher_account_id,
                                  published_at, yanked_reason, quarantined_reason, deleted_reason, deleted_at,
                                  bytes_removed_at, deprecated_reason, deprecated_replacement)
                        """)) {
            long id = first.release();
            long pluginId = first.plugin();
            for (BulkPlugin plugin : plugins) {
                for (BulkRelease release : plugin.releases()) {
                    addRelease(rows, id++, pluginId, release, owners.get(plugin.id().namespace()));
                }
                pluginId++;
            }
        }
    }

    private static void addRelease(
            CopyRows rows, long id, long pluginId, BulkRelease release, @Nullable Long owner) {
        IndexEntry entry = release.entry();
        ReleaseStatus status = entry.status();
        @Nullable Instant deletedAt =
                status.state() == ReleaseStatus.State.DELETED ? publishedAt(release) : null;
        rows.add(
                id,
                pluginId,
                entry.coordinate().version(),
                entry.digest().hex(),
                entry.size(),
                release.manifestJson(),
                ResolveJson.requires(entry.requires()),
                entry.host().orElse(null),
                owner,
                publishedAt(release),
                reason(status, ReleaseStatus.State.YANKED),
                reason(status, ReleaseStatus.State.QUARANTINED),
                reason(status, ReleaseStatus.State.DELETED),
                deletedAt,
                deletedAt,
                status.deprecation().map(ReleaseStatus.Deprecation::reason).orElse(null),
                status.deprecation()
                        .flatMap(ReleaseStatus.Deprecation::replacement)
                        .map(PluginId::toString)
                        .orElse(null));
    }

    private static @Nullable String reason(ReleaseStatus status, ReleaseStatus.State state) {
        return status.state() == state ? status.reason().orElse(null) : null;
    }

    private void copyDependencies(List<BulkPlugin> plugins, long firstRelease) {
        try (CopyRows rows =
                new CopyRows(
                        handle,
                        "dependencies (release_id, position, namespace, name, version_range, optional)")) {
            long release = firstRelease;
            for (BulkPlugin plugin : plugins) {
                for (BulkRelease of : plugin.releases()) {
                    int position = 0;
                    for (Dependency dependency : of.entry().requires()) {
                        rows.add(
                                release,
                                position++,
                                dependency.plugin().namespace(),
                                dependency.plugin().name(),
                                dependency.range(),
                                dependency.optional());
                    }
                    release++;
                }
            }
        }
    }

    private void copyDownloads(List<BulkPlugin> plugins, Next first) {
        try (CopyRows rows =
                new CopyRows(handle, "downloads (day, plugin_id, release_id, count)")) {
            long release = first.release();
            long pluginId = first.plugin();
            for (BulkPlugin plugin : plugins) {
                for (BulkRelease of : plugin.releases()) {
                    for (Map.Entry<LocalDate, Long> day : of.downloads().entrySet()) {
                        rows.add(day.getKey(), pluginId, release, day.getValue());
                    }
                    release++;
                }
                pluginId++;
            }
        }
        try (CopyRows rows = new CopyRows(handle, "downloads_folded (plugin_id, count)")) {
            long pluginId = first.plugin();
            for (BulkPlugin plugin : plugins) {
                if (plugin.earlierDownloads() > 0) {
                    rows.add(pluginId, plugin.earlierDownloads());
                }
                pluginId++;
            }
        }
    }

    /** How many steps {@link #end} takes. */
    public static int steps(Begun begun) {
        return begun.indexes().size();
    }

    /**
     * Makes the secondary indexes again.
     *
     * @param next where the last {@link #add} ended
     * @param step is told of each index
     */
    public void end(Begun begun, Next next, Runnable step) {
        for (String definition : begun.indexes()) {
            handle.execute(definition);
            step.run();
        }
        setNextId("plugins", next.plugin());
        setNextId("releases", next.release());
    }

    private void setNextId(String table, long next) {
        handle.createQuery("select setval(pg_get_serial_sequence(:table, 'id'), :next, false)")
                .bind("table", table)
                .bind("next", next)
                .mapTo(long.class)
                .one();
    }

    /**
     * Outside a transaction: packs what the ranking has rewritten, and tells the planner what is
     * there.
     */
    public void analyze() {
        handle.execute("vacuum (full) plugins");
        handle.execute(
                "vacuum (analyze) accounts, namespaces, plugins, releases, dependencies, downloads, downloads_folded, name_words");
    }
}
