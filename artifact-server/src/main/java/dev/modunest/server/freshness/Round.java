package dev.modunest.server.freshness;

import dev.modunest.db.Database;
import dev.modunest.db.trust.VersionedFile;
import dev.modunest.format.tuf.RepositoryReader;
import dev.modunest.format.tuf.RootMetadata;
import dev.modunest.format.tuf.write.Batch;
import dev.modunest.format.tuf.write.Layout;
import dev.modunest.format.tuf.write.RepositoryFile;
import dev.modunest.format.tuf.write.RepositoryState;

import java.io.IOException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What one writer is about to write in one transaction, read as if it were written already. Not
 * thread-safe.
 */
final class Round implements RepositoryReader {

    private static final Pattern ROLE = Pattern.compile("[1-9][0-9]*\\.(.+)\\.json");
    private static final Pattern CHANGING_TARGET =
            Pattern.compile("(targets/(?:index/[^/]+/)?)[0-9a-f]{64}\\.(.+)");

    private final RepositoryReader store;
    private final Map<String, VersionedFile> files = new LinkedHashMap<>();
    private final Set<String> retired = new LinkedHashSet<>();
    private RepositoryState state;

    Round(RepositoryReader store, RepositoryState state) {
        this.store = store;
        this.state = state;
    }

    /** Reads what is written. */
    static RepositoryReader stored(Database database) {
        return (path, maxBytes) ->
                database.<Optional<byte[]>>read(tx -> tx.freshness().find(path))
                        .filter(content -> content.length <= maxBytes);
    }

    RepositoryState state() {
        return state;
    }

    /** Files and the state that they lead to. */
    void add(Batch batch) {
        batch.files().forEach(this::put);
        state = batch.next();
    }

    void put(RepositoryFile file) {
        files.put(file.path(), file(file));
    }

    static VersionedFile file(RepositoryFile file) {
        return new VersionedFile(file.path(), document(file.path()), file.content());
    }

    /**
     * Of what a file is a version. Roots, trust roots and policies are for themselves: whoever
     * begins with an old root needs those that follow it, and summaries name old policies.
     */
    private static String document(String path) {
        Matcher target = CHANGING_TARGET.matcher(path);
        if (target.matches()) {
            String name = target.group(2);
            boolean kept = name.equals(Layout.TRUSTED_ROOT) || name.equals(Layout.POLICY);
            boolean top = target.group(1).equals(Layout.TARGETS_FOLDER);
            return kept && top ? path : target.group(1) + name;
        }
        Matcher role = ROLE.matcher(path);
        return role.matches() && !role.group(1).equals(RootMetadata.ROLE) ? role.group(1) : path;
    }

    /** A target that is none any more. */
    void retire(String targetPath) {
        retired.add(Layout.TARGETS_FOLDER + targetPath);
    }

    boolean isEmpty() {
        return files.isEmpty();
    }

    Collection<VersionedFile> files() {
        return files.values();
    }

    Collection<String> retired() {
        return retired;
    }

    @Override
    public Optional<byte[]> fetch(String path, int maxBytes) throws IOException {
        VersionedFile file = files.get(path);
        return file == null ? store.fetch(path, maxBytes) : Optional.of(file.content());
    }
}
