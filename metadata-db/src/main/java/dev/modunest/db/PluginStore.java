package dev.modunest.db;

import dev.modunest.format.Manifest;
import dev.modunest.format.PluginId;
import dev.modunest.format.Version;

import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlStatement;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Plugins, by id. */
public final class PluginStore {

    private static final String COLUMNS =
            "namespace, name, title, description, license, homepage, categories, latest_version, created_at, updated_at";

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

    public List<PluginRecord> search(PluginQuery query) {
        return handle.createQuery(
                        "select "
                                + COLUMNS
                                + """
                                 from plugins
                                where (:pattern::text is null
                                       or namespace || '/' || name ilike :pattern
                                       or title ilike :pattern
                                       or description ilike :pattern)
                                  and (:category::text is null or :category = any(categories))
                                  and (:after_namespace::text is null
                                       or (namespace, name) > (:after_namespace, :after_name))
                                order by namespace, name
                                limit :limit
                                """)
                .bind("pattern", query.text().map(PluginStore::containing).orElse(null))
                .bind("category", query.category().orElse(null))
                .bind("after_namespace", query.after().map(PluginId::namespace).orElse(null))
                .bind("after_name", query.after().map(PluginId::name).orElse(null))
                .bind("limit", query.limit())
                .map((row, context) -> plugin(row))
                .list();
    }

    /** The row of the plugin, made when it is new; locked until the transaction ends. */
    long insertIfAbsent(Manifest manifest, Instant now) {
        bindManifest(
                        handle.createUpdate(
                                """
                                insert into plugins (namespace, name, title, description, license, homepage, categories,
                                                     latest_version, created_at, updated_at)
                                values (:namespace, :name, :title, :description, :license, :homepage, :categories,
                                        :version, :now, :now)
                                on conflict (namespace, name) do nothing
                                """),
                        manifest)
                .bind("now", now)
                .execute();
        return handle.createQuery(
                        "select id from plugins where namespace = :namespace and name = :name for update")
                .bind("namespace", manifest.coordinate().plugin().namespace())
                .bind("name", manifest.coordinate().plugin().name())
                .mapTo(long.class)
                .one();
    }

    /** Describes the plugin by {@code manifest} unless it has a later release already. */
    void describeBy(Manifest manifest, Instant now) {
        Version latest =
                find(manifest.coordinate().plugin())
                        .map(PluginRecord::latestVersion)
                        .orElseThrow(
                                () -> new IllegalStateException("the plugin was just inserted"));
        if (isLater(latest, manifest.coordinate().version())) {
            return;
        }
        bindManifest(
                        handle.createUpdate(
                                """
                                update plugins
                                set title = :title, description = :description, license = :license,
                                    homepage = :homepage, categories = :categories,
                                    latest_version = :version, updated_at = :now
                                where namespace = :namespace and name = :name
                                """),
                        manifest)
                .bind("now", now)
                .execute();
    }

    /** A pre-release is never later than a normal version. */
    private static boolean isLater(Version one, Version other) {
        if (one.isPrerelease() != other.isPrerelease()) {
            return other.isPrerelease();
        }
        return one.compareTo(other) > 0;
    }

    private static <S extends SqlStatement<S>> S bindManifest(S statement, Manifest manifest) {
        return statement
                .bind("namespace", manifest.coordinate().plugin().namespace())
                .bind("name", manifest.coordinate().plugin().name())
                .bind("version", manifest.coordinate().version().toString())
                .bind("title", manifest.title().orElse(null))
                .bind("description", manifest.description().orElse(null))
                .bind("license", manifest.license().orElse(null))
                .bind("homepage", manifest.homepage().orElse(null))
                .bindArray("categories", String.class, manifest.categories());
    }

    private static String containing(String text) {
        return "%" + text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%";
    }

    private static PluginRecord plugin(ResultSet row) throws SQLException {
        return new PluginRecord(
                new PluginId(row.getString("namespace"), row.getString("name")),
                Optional.ofNullable(row.getString("title")),
                Optional.ofNullable(row.getString("description")),
                Optional.ofNullable(row.getString("license")),
                Optional.ofNullable(row.getString("homepage")),
                List.of((String[]) row.getArray("categories").getArray()),
                Version.parse(row.getString("latest_version")),
                row.getTimestamp("created_at").toInstant(),
                row.getTimestamp("updated_at").toInstant());
    }
}
