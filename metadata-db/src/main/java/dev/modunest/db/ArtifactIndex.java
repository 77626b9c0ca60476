package dev.modunest.db;

import dev.modunest.format.Coordinate;
import dev.modunest.format.Digest;
import dev.modunest.format.PluginId;
import dev.modunest.format.Version;

import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

import java.util.List;
import java.util.Optional;

/** Which artifacts there are. */
public final class ArtifactIndex {

    private static final String COLUMNS =
            """
            p.namespace, p.name, n.private, r.digest, r.size, r.published_at, r.status, r.yanked_reason, r.quarantined_reason, r.deleted_reason,
            r.deprecated_reason, r.deprecated_replacement
            """;

    private final Handle handle;

    ArtifactIndex(Handle handle) {
        this.handle = handle;
    }

    public Optional<IndexedArtifact> find(Digest digest) {
        return one(
                handle.createQuery(
                                "select "
                                        + COLUMNS
                                        + " from releases r join plugins p on p.id = r.plugin_id join namespaces n on n.name = p.namespace where r.digest = :digest")
                        .bind("digest", digest.hex()));
    }

    /** The artifact of a release. */
    public Optional<IndexedArtifact> find(Coordinate coordinate) {
        return one(
                handle.createQuery(
                                "select "
                                        + COLUMNS
                                        + """
                                 from plugins p
                                join releases r on r.plugin_id = p.id
                                join namespaces n on n.name = p.namespace
                                where p.namespace = :namespace and p.name = :name and r.version = :version
                                """)
                        .bind("namespace", coordinate.plugin().namespace())
                        .bind("name", coordinate.plugin().name())
                        .bind("version", coordinate.version().toString()));
    }

    /** A release and its artifact. */
    public record Named(Coordinate coordinate, Digest digest) {}

    /** All of a namespace that were not deleted, by plugin and age. */
    public List<Named> ofNamespace(String namespace) {
        return handle.createQuery(
                        """
                        select p.name, r.version, r.digest
                        from plugins p join releases r on r.plugin_id = p.id
                        where p.namespace = :namespace and r.status <> 'deleted'
                        order by p.id, r.id
                        """)
                .bind("namespace", namespace)
                .map(
                        (row, context) ->
                                new Named(
                                        new Coordinate(
                                                new PluginId(namespace, row.getString("name")),
                                                Version.parse(row.getString("version"))),
                                        new Digest(row.getString("digest"))))
                .list();
    }

    /** The plugins of a namespace all of whose releases were deleted. */
    public List<PluginId> emptied(String namespace) {
        return handle.createQuery(
                        """
                        select p.name from plugins p
                        where p.namespace = :namespace
                          and not exists (select 1 from releases r where r.plugin_id = p.id and r.status <> 'deleted')
                        order by p.id
                        """)
                .bind("namespace", namespace)
                .map((row, context) -> new PluginId(namespace, row.getString("name")))
                .list();
    }

    private static Optional<IndexedArtifact> one(Query query) {
        return query.map(
                        (row, context) ->
                                new IndexedArtifact(
                                        new PluginId(
                                                row.getString("namespace"), row.getString("name")),
                                        row.getBoolean("private"),
                                        new Digest(row.getString("digest")),
                                        row.getLong("size"),
                                        row.getTimestamp("published_at").toInstant(),
                                        ReleaseStore.status(row)))
                .findOne();
    }
}
