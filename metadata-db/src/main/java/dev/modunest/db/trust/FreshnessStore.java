package dev.modunest.db.trust;

import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * The files of freshness, and how far their one writer has come. What a writer changes it changes
 * in a transaction that its fence opens, so that who was taken over from changes nothing.
 */
public final class FreshnessStore {

    private final Handle handle;

    public FreshnessStore(Handle handle) {
        this.handle = handle;
    }

    /** The content of a file. */
    public Optional<byte[]> find(String path) {
        return handle.createQuery("select content from tuf_files where path = :path")
                .bind("path", path)
                .map((row, context) -> row.getBytes("content"))
                .findOne();
    }

    /** When a file was written. */
    public Optional<Instant> writtenAt(String path) {
        return handle.createQuery("select created_at from tuf_files where path = :path")
                .bind("path", path)
                .map((row, context) -> row.getTimestamp("created_at").toInstant())
                .findOne();
    }

    /** The current version of a document. */
    public Optional<VersionedFile> current(String document) {
        return handle.createQuery(
                        "select path, document, content from tuf_files where document = :document and replaced_at is null")
                .bind("document", document)
                .map((row, context) -> file(row))
                .findOne();
    }

    private static VersionedFile file(ResultSet row) throws SQLException {
        return new VersionedFile(
                row.getString("path"), row.getString("document"), row.getBytes("content"));
    }

    /** Makes the caller the writer; whoever was it before cannot write any more. */
    public long takeOver() {
        return handle.createQuery("update tuf_state set fence = fence + 1 returning fence")
                .mapTo(long.class)
                .one();
    }

    public RepositoryProgress progress() {
        return handle.createQuery("select serial, filled from tuf_state")
                .map(
                        (row, context) ->
                                new RepositoryProgress(
                                        Optional.ofNullable(row.getObject("serial", Long.class)),
                                        Optional.ofNullable(row.getString("filled"))))
                .one();
    }

    /**
     * Begins a change by the writer: notes how far it has come, and keeps others from taking over
     * until the transaction ends. False, and nothing changed, when another took over.
     */
    public boolean advance(long fence, RepositoryProgress progress) {
        return handle.createUpdate(
                                "update tuf_state set serial = :serial, filled = :filled where fence = :fence")
                        .bind("serial", progress.serial().orElse(null))
                        .bind("filled", progress.filled().orElse(null))
                        .bind("fence", fence)
                        .execute()
                == 1;
    }

    /** Writes files, each in the place of the current version of its document. */
    public void put(Collection<VersionedFile> files, Instant now) {
        if (files.isEmpty()) {
            return;
        }
        PreparedBatch replace =
                handle.prepareBatch(
                        """
                        update tuf_files set replaced_at = :now
                        where document = :document and path <> :path and replaced_at is null
                        """);
        PreparedBatch insert =
                handle.prepareBatch(
                        """
                        insert into tuf_files (path, document, content, created_at)
                        values (:path, :document, :content, :now)
                        on conflict (path) do update
                        set content = excluded.content, created_at = excluded.created_at, replaced_at = null
                        """);
        for (VersionedFile file : files) {
            replace.bind("now", now)
                    .bind("document", file.document())
                    .bind("path", file.path())
                    .add();
            insert.bind("path", file.path())
                    .bind("document", file.document())
                    .bind("content", file.content())
                    .bind("now", now)
                    .add();
        }
        replace.execute();
        insert.execute();
    }

    /** Documents of which there is no current version any more. */
    public void retire(Collection<String> documents, Instant now) {
        if (!documents.isEmpty()) {
            handle.createUpdate(
                            "update tuf_files set replaced_at = :now where document = any(:documents) and replaced_at is null")
                    .bind("now", now)
                    .bindArray("documents", String.class, List.copyOf(documents))
                    .execute();
        }
    }

    /** Deletes files that were replaced before {@code before}; how many there were. */
    public int deleteReplaced(Instant before, int limit) {
        return handle.createUpdate(
                        """
                        delete from tuf_files where path in
                            (select path from tuf_files where replaced_at < :before order by replaced_at limit :limit)
                        """)
                .bind("before", before)
                .bind("limit", limit)
                .execute();
    }

    /** Hands the writer what the keeper of the key of revocations signed, unless it is older. */
    public void handIn(SignedRevocations signed) {
        handle.createUpdate(
                        """
                        insert into tuf_revocations (version, document, content, signed_at)
                        values (:version, :document, :content, :at)
                        on conflict (single) do update
                        set version = excluded.version, document = excluded.document, content = excluded.content,
                            signed_at = excluded.signed_at
                        where tuf_revocations.version < excluded.version
                        """)
                .bind("version", signed.version())
                .bind("document", signed.document())
                .bind("content", signed.content())
                .bind("at", signed.signedAt())
                .execute();
    }

    /** What was handed in with a higher version than {@code version}. */
    public Optional<SignedRevocations> handedIn(long version) {
        return handle.createQuery(
                        "select version, document, content, signed_at from tuf_revocations where version > :version")
                .bind("version", version)
                .map(
                        (row, context) ->
                                new SignedRevocations(
                                        row.getLong("version"),
                                        row.getBytes("document"),
                                        row.getBytes("content"),
                                        row.getTimestamp("signed_at").toInstant()))
                .findOne();
    }
}
