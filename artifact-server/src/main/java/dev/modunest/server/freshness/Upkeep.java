package dev.modunest.server.freshness;

import dev.modunest.db.Database;
import dev.modunest.db.FreshnessIndex;
import dev.modunest.db.FreshnessIndex.Changed;
import dev.modunest.db.FreshnessIndex.News;
import dev.modunest.db.FreshnessIndex.Placed;
import dev.modunest.db.trust.IndexedTarget;
import dev.modunest.db.trust.RepositoryProgress;
import dev.modunest.format.PluginId;
import dev.modunest.format.tuf.RepositoryReader;
import dev.modunest.format.tuf.RolePath;
import dev.modunest.format.tuf.RootMetadata;
import dev.modunest.format.tuf.SignedDocument;
import dev.modunest.format.tuf.TargetsMetadata;
import dev.modunest.format.tuf.TufLimits;
import dev.modunest.format.tuf.write.Layout;
import dev.modunest.format.tuf.write.OnlineSigners;
import dev.modunest.format.tuf.write.RepositoryRecovery;
import dev.modunest.format.tuf.write.RepositoryState;
import dev.modunest.format.tuf.write.RepositoryWriter;
import dev.modunest.format.tuf.write.SigningTerms;
import dev.modunest.format.tuf.write.TargetChange;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One server's time as the writer of the repository. Each round is one transaction under its fence:
 * what fails leaves everything as it was, and whoever writes next begins with what is public. Not
 * thread-safe.
 */
final class Upkeep {

    private static final Logger LOG = LoggerFactory.getLogger(Upkeep.class);
    private static final Duration CHECK = Duration.ofMinutes(1);
    private static final int RENEWED_BINS = 32;
    private static final int DELETED_FILES = 10_000;

    /** Kinds of changes by which no release is taken down or comes back. */
    private static final Set<String> HARMLESS =
            Set.of(
                    "release.published",
                    "release.yanked",
                    "release.unyanked",
                    "release.deprecated",
                    "release.undeprecated");

    private final Parts parts;
    private final long fence;
    private final RepositoryReader store;
    private final RepositoryWriter writer;
    private final RevocationsRole revocations;
    private final Adoption adoption;
    private final FilledShare filled = new FilledShare();
    private RepositoryState state;
    private RepositoryProgress progress;
    private Instant checked = Instant.MIN;
    private String obstacle = "";

    /** What writing needs. */
    record Parts(
            FreshnessConfig config,
            OnlineSigners signers,
            Optional<RevocationsSigner> revocations,
            SignedFolder folder,
            IndexDocument documents,
            Database database,
            InstantSource clock) {}

    private Upkeep(
            Parts parts,
            long fence,
            RepositoryWriter writer,
            RevocationsRole revocations,
            Adoption adoption,
            RepositoryState state,
            RepositoryProgress progress) {
        this.parts = parts;
        this.fence = fence;
        this.store = Round.stored(parts.database());
        this.writer = writer;
        this.revocations = revocations;
        this.adoption = adoption;
        this.state = state;
        this.progress = progress;
    }

    /**
     * Takes over from whoever wrote before, and begins the repository where there is none.
     *
     * @throws IllegalStateException with what is missing
     * @throws IOException when what is public cannot be read, or is not what its keys signed
     */
    static Upkeep begin(Parts parts) throws IOException {
        Database database = parts.database();
        long fence = database.inTransaction(tx -> tx.freshness().takeOver());
        RepositoryReader store = Round.stored(database);
        RepositoryWriter writer =
                new RepositoryWriter(parts.signers(), SigningTerms.DEFAULT, parts.clock());
        Optional<SignedDocument> root = newestRoot(store);
        Optional<RepositoryState> state = Optional.empty();
        if (root.isPresent()) {
            RootMetadata keys = RootMetadata.of(root.get());
            state = new RepositoryRecovery(store, keys.snapshot(), keys.timestamp()).recover();
        }
        RepositoryProgress progress = database.read(tx -> tx.freshness().progress());
        if (root.isEmpty() || state.isEmpty()) {
            RevocationsRole revocations =
                    new RevocationsRole(parts.revocations(), database, Optional.empty());
            Adoption adoption =
                    Adoption.first(parts.folder(), parts.signers(), writer, revocations);
            Round round = adoption.start(store);
            RepositoryProgress nothing = new RepositoryProgress(Optional.empty(), Optional.empty());
            Upkeep upkeep =
                    new Upkeep(parts, fence, writer, revocations, adoption, round.state(), nothing);
            upkeep.write(round, nothing);
            return upkeep;
        }
        requireSame(store, parts.folder());
        RevocationsRole revocations =
                new RevocationsRole(
                        parts.revocations(),
                        database,
                        document(store, state.get(), Layout.REVOCATIONS));
        Adoption adoption =
                Adoption.resume(
                        parts.folder(),
                        parts.signers(),
                        writer,
                        revocations,
                        root.get(),
                        document(store, state.get(), TargetsMetadata.ROLE).orElseThrow());
        Upkeep upkeep =
                new Upkeep(parts, fence, writer, revocations, adoption, state.get(), progress);
        upkeep.adoptFirst();
        return upkeep;
    }

    private static Optional<SignedDocument> newestRoot(RepositoryReader store) throws IOException {
        Optional<byte[]> newest = Optional.empty();
        Optional<byte[]> next = root(store, 1);
        for (long version = 2; next.isPresent(); version++) {
            newest = next;
            next = root(store, version);
        }
        return newest.map(SignedDocument::parse);
    }

    private static Optional<byte[]> root(RepositoryReader store, long version) throws IOException {
        return store.fetch(RolePath.of(RootMetadata.ROLE, version), TufLimits.DEFAULT.rootBytes());
    }

    private static Optional<SignedDocument> document(
            RepositoryReader store, RepositoryState state, String role) throws IOException {
        long version = Optional.ofNullable(state.roles().get(role)).orElseThrow().version();
        return store.fetch(RolePath.of(role, version), TufLimits.DEFAULT.targetsBytes())
                .map(SignedDocument::parse);
    }

    private static void requireSame(RepositoryReader store, SignedFolder folder)
            throws IOException {
        Optional<SignedDocument> ours = folder.document(RolePath.of(RootMetadata.ROLE, 1));
        Optional<SignedDocument> known = root(store, 1).map(SignedDocument::parse);
        if (ours.isPresent()
                && known.isPresent()
                && !ours.get().digest().equals(known.get().digest())) {
            throw new IllegalStateException(
                    "the first root in this index is not that of "
                            + folder.folder()
                            + ": they belong to different registries");
        }
    }

    /** Of other keys than this server's nothing else can be written before. */
    private void adoptFirst() throws IOException {
        Round round = new Round(store, state);
        adoptWarily(round);
        adoption.requireOwnKeys();
        if (!round.isEmpty()) {
            write(round, progress);
        }
    }

    /** Writes what is due; whether there is more to do at once. */
    boolean next() throws IOException {
        Round round = new Round(store, state);
        Instant now = parts.clock().instant();
        boolean check = !now.isBefore(checked.plus(CHECK));
        if (check) {
            adoptWarily(round);
        }
        News news = news();
        RepositoryProgress next = addChanges(round, news);
        adoption.adoptRevocations(round);
        round.add(writer.renew(round.state(), RENEWED_BINS, round));
        if (!round.isEmpty() || !next.equals(progress)) {
            write(round, next);
        }
        if (check) {
            deleteReplaced(now);
            checked = now;
        }
        return next.filled().isPresent() || news.changes().size() == parts.config().batch();
    }

    /** What has to wait is told once, and does not hold up what need not. */
    private void adoptWarily(Round round) throws IOException {
        String found = "";
        try {
            adoption.adopt(round);
        } catch (IllegalStateException | IllegalArgumentException waits) {
            found = String.valueOf(waits.getMessage());
            if (!found.equals(obstacle)) {
                LOG.warn("what holders signed is not made public", waits);
            }
        }
        obstacle = found;
    }

    /** The next changes; after a gap, and at first, all that is there is looked at. */
    private News news() {
        Optional<Long> serial = progress.serial();
        News news = after(serial.orElse(Long.MAX_VALUE));
        if (serial.isPresent() && news.continues(serial.get())) {
            return news;
        }
        if (serial.isPresent()) {
            LOG.warn(
                    "the changes after {} are not known up to {}: all plugins are looked at",
                    serial.get(),
                    news.newest());
        }
        revocations.changed();
        progress = new RepositoryProgress(Optional.of(news.newest()), Optional.of(""));
        return new News(news.newest(), List.of());
    }

    private News after(long serial) {
        return parts.database()
                .read(tx -> tx.freshnessIndex().after(serial, parts.config().batch()));
    }

    private RepositoryProgress addChanges(Round round, News news) throws IOException {
        Set<PluginId> plugins = new LinkedHashSet<>();
        long serial = progress.serial().orElse(news.newest());
        for (Changed change : news.changes()) {
            plugins.add(change.plugin());
            serial = change.serial();
            if (!HARMLESS.contains(change.kind())) {
                revocations.changed();
            }
        }
        Optional<String> fill = progress.filled();
        int room = parts.config().batch() - plugins.size();
        if (fill.isPresent() && room > 0) {
            List<Placed> page =
                    parts.database().read(tx -> tx.freshnessIndex().page(fill.get(), room));
            page.forEach(placed -> plugins.add(placed.plugin()));
            boolean over = page.size() < room;
            String reached = over ? fill.get() : page.getLast().hash();
            filled.reached(page.size(), reached, over);
            publish(round, plugins);
            return new RepositoryProgress(
                    Optional.of(serial), over ? Optional.empty() : Optional.of(reached));
        }
        publish(round, plugins);
        return new RepositoryProgress(Optional.of(serial), fill);
    }

    private void publish(Round round, Set<PluginId> plugins) throws IOException {
        if (plugins.isEmpty()) {
            return;
        }
        Map<PluginId, IndexedTarget> targets =
                parts.database().read(tx -> targets(tx.freshnessIndex(), plugins));
        List<TargetChange> changes = new ArrayList<>();
        for (PluginId plugin : plugins) {
            String path = Layout.indexTarget(plugin);
            IndexedTarget target = targets.get(plugin);
            if (target == null) {
                changes.add(new TargetChange.Remove(path));
                round.retire(path);
            } else {
                changes.add(new TargetChange.Put(path, parts.documents().of(target)));
            }
        }
        round.add(writer.publish(round.state(), changes, round));
    }

    private static Map<PluginId, IndexedTarget> targets(
            FreshnessIndex index, Set<PluginId> plugins) {
        return index.targets(plugins);
    }

    private void write(Round round, RepositoryProgress next) {
        Instant now = parts.clock().instant();
        requireWriter(
                parts.database()
                        .<Boolean>inTransaction(
                                tx -> {
                                    if (!tx.freshness().advance(fence, next)) {
                                        return false;
                                    }
                                    tx.freshness().put(round.files(), now);
                                    tx.freshness().retire(round.retired(), now);
                                    return true;
                                }));
        state = round.state();
        progress = next;
    }

    private void deleteReplaced(Instant now) {
        Instant before = now.minus(parts.config().keep());
        requireWriter(
                parts.database()
                        .<Boolean>inTransaction(
                                tx -> {
                                    boolean own = tx.freshness().advance(fence, progress);
                                    int _ =
                                            own
                                                    ? tx.freshness()
                                                            .deleteReplaced(before, DELETED_FILES)
                                                    : 0;
                                    return own;
                                }));
    }

    private static void requireWriter(boolean written) {
        if (!written) {
            throw new IllegalStateException("another server writes the files of freshness");
        }
    }
}
