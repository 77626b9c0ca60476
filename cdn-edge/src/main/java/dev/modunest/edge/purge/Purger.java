package dev.modunest.edge.purge;

import dev.modunest.edge.cache.EdgeCache;
import dev.modunest.edge.cache.Purges;
import dev.modunest.edge.cache.Refusals;
import dev.modunest.edge.cache.ResponseTable;
import dev.modunest.edge.fill.Names;
import dev.modunest.format.Coordinate;
import dev.modunest.format.Digest;
import dev.modunest.format.PluginId;

import java.time.Instant;
import java.util.Optional;

/** Applies events to the cache. Used by one thread, which may block. */
public final class Purger {

    private final Purges purges;
    private final EdgeCache cache;
    private final ResponseTable responses;
    private final Names names;
    private final Recheck recheck;
    private final AppliedSerialFile file;

    /** When the last event was made that was applied. */
    private Optional<Instant> lastAt;

    public Purger(
            Purges purges,
            EdgeCache cache,
            ResponseTable responses,
            Names names,
            Recheck recheck,
            AppliedSerialFile file,
            AppliedSerial begun) {
        this.purges = purges;
        this.cache = cache;
        this.responses = responses;
        this.names = names;
        this.recheck = recheck;
        this.file = file;
        this.lastAt = begun.at();
    }

    long applied() {
        return purges.applied();
    }

    AppliedSerial last() {
        return new AppliedSerial(purges.applied(), lastAt);
    }

    /** Returns when nothing that the event outdates is served any more. */
    void apply(RegistryEvent.Changed event) {
        purges.changed(event.plugin(), event.serial());
        purgeDocuments(event.plugin());
        switch (event.change()) {
            case RegistryEvent.Change.Offered(Coordinate release, Digest digest) -> {
                cache.refusals().lift(digest);
                purgeArtifactDocuments(release, digest);
                purgeRelease(release);
            }
            case RegistryEvent.Change.Quarantined(Coordinate release, Digest digest) ->
                    withdraw(release, digest, Refusals.Kind.QUARANTINED);
            case RegistryEvent.Change.Deleted(Coordinate release, Digest digest) ->
                    withdraw(release, digest, Refusals.Kind.DELETED);
            case RegistryEvent.Change.Hidden(Coordinate release, Digest digest) ->
                    withdraw(release, digest, Refusals.Kind.HIDDEN);
            case RegistryEvent.Change.Described() -> {}
        }
        purges.applied(event.serial());
        lastAt = event.at();
    }

    /**
     * Drops all documents and all knowledge of refusals, has the objects on disk asked for again,
     * and goes on from {@code serial}.
     */
    void reset(long serial) {
        cache.refusals().reset();
        purges.reset(serial);
        lastAt = Optional.empty();
        responses.clear().forEach(cache::drop);
        recheck.restart(cache.digestsOnDisk());
    }

    /** Makes the next start ask for the events from here on. */
    void save() {
        file.write(last());
    }

    private void withdraw(Coordinate release, Digest digest, Refusals.Kind kind) {
        cache.refusals().refuse(digest, kind);
        names.learn(pathByName(release), digest);
        purgeArtifactDocuments(release, digest);
        purgeRelease(release);
        cache.drop(digest);
    }

    /** What is outdated already is taken out of memory where its name is known; the rest later. */
    private void purgeDocuments(PluginId plugin) {
        purge("/index/" + plugin);
        purge("/api/v1/plugins/" + plugin);
    }

    private void purgeRelease(Coordinate release) {
        purge("/api/v1/plugins/" + release.plugin() + "/" + release.version());
    }

    private void purgeArtifactDocuments(Coordinate release, Digest digest) {
        purge("/artifacts/sha256/" + digest.hex());
        purge(pathByName(release));
    }

    private void purge(String uri) {
        responses.remove(uri);
    }

    private static String pathByName(Coordinate release) {
        return "/artifacts/"
                + release.plugin()
                + "/"
                + release.version()
                + "/"
                + release.fileName();
    }
}
