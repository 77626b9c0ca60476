package dev.modunest.loader.trust;

import dev.modunest.format.Coordinate;
import dev.modunest.format.Digest;
import dev.modunest.format.PluginId;
import dev.modunest.format.tuf.TufException;
import dev.modunest.loader.LoaderException;
import dev.modunest.loader.TrustMode;
import dev.modunest.loader.TrustOptions;
import dev.modunest.loader.TrustWarning;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What a registry and this host's memory say of releases at one moment. Thread-safe.
 *
 * <p>Documents of plugins are read when they are first asked for, and once.
 */
final class TrustView implements ReleaseTrust {

    private final TrustOptions options;
    private final RepositoryView repository;
    private final Optional<TrustBasis> basis;
    private final Optional<Fault> fault;
    private final LogHeads heads;
    private final PluginRecords records;
    private final Map<PluginId, Entry> entries = new ConcurrentHashMap<>();

    /**
     * A view.
     *
     * @param basis empty when the repository does not give one, which {@code fault} says
     * @param fault why the state of the repository is not to be relied on
     */
    TrustView(
            TrustOptions options,
            RepositoryView repository,
            Optional<TrustBasis> basis,
            Optional<Fault> fault,
            LogHeads heads,
            PluginRecords records) {
        this.options = options;
        this.repository = repository;
        this.basis = basis;
        this.fault = fault;
        this.heads = heads;
        this.records = records;
    }

    /** What the signed index has of a plugin. */
    sealed interface Entry {

        record Known(IndexDocument document) implements Entry {}

        /** Its namespace is private, so that the index does not have it. */
        record Private() implements Entry {}

        record Unknown(Fault fault) implements Entry {}
    }

    @Override
    public ReleaseCheck check(Coordinate release, Digest artifact) {
        return options.scopeOf(release.plugin().namespace()).mode() == TrustMode.SKIP
                ? ReleaseTrust.UNVERIFIED.check(release, artifact)
                : new FullCheck(this, release, artifact);
    }

    @Override
    public boolean needsEvidence(String namespace) {
        return options.scopeOf(namespace).mode() != TrustMode.SKIP;
    }

    @Override
    public Optional<TrustWarning> takenDown(Coordinate release, Digest artifact) {
        return options.scopeOf(release.plugin().namespace()).mode() == TrustMode.SKIP
                ? Optional.empty()
                : revocation(release, artifact).map(Fault::warning);
    }

    /** Step 3. */
    Optional<Fault> revocation(Coordinate release, Digest artifact) {
        Optional<String> revoked = basis.flatMap(known -> known.revoked().reasonOf(artifact));
        if (revoked.isPresent()) {
            return Optional.of(revoked(release + " is revoked: " + revoked.get()));
        }
        return entry(release.plugin()) instanceof Entry.Known known
                ? Optional.ofNullable(known.document().releases().get(release.version()))
                        .filter(found -> found.status().isTakenDown())
                        .map(found -> revoked(release + takenDown(found)))
                : Optional.empty();
    }

    private static String takenDown(IndexDocument.Release found) {
        String how =
                found.status() == IndexDocument.Status.DELETED ? " is deleted" : " is quarantined";
        return how + found.reason().map(why -> ": " + why).orElse("");
    }

    private static Fault revoked(String reason) {
        return new Fault(
                Fault.Kind.REVOKED, "release-revoked", reason + "; choose another version");
    }

    Entry entry(PluginId plugin) {
        Entry known = entries.get(plugin);
        if (known == null) {
            known = readEntry(plugin);
            entries.put(plugin, known);
        }
        return known;
    }

    private Entry readEntry(PluginId plugin) {
        if (options.privateNamespaces().contains(plugin.namespace())) {
            return new Entry.Private();
        }
        try {
            Optional<byte[]> document =
                    repository.find("index/" + plugin.namespace() + "/" + plugin.name() + ".json");
            return document.isEmpty()
                    ? new Entry.Unknown(unknown(plugin))
                    : new Entry.Known(IndexDocument.parse(plugin, document.get()));
        } catch (TufException failed) {
            return new Entry.Unknown(RepositoryView.fault(failed));
        } catch (IllegalArgumentException malformed) {
            return new Entry.Unknown(
                    new Fault(
                            Fault.Kind.WRONG,
                            "metadata-malformed",
                            "the signed index of " + plugin + ": " + malformed.getMessage()));
        }
    }

    private static Fault unknown(PluginId plugin) {
        return new Fault(
                Fault.Kind.WRONG,
                "release-unknown",
                "the signed index has no "
                        + plugin
                        + "; when its namespace is private, say so in the options of the host");
    }

    TrustOptions options() {
        return options;
    }

    Optional<TrustBasis> basis() {
        return basis;
    }

    Optional<Fault> fault() {
        return fault;
    }

    boolean isCurrent() {
        return repository.isCurrent();
    }

    String freshness() {
        return repository
                .targets()
                .map(
                        targets ->
                                "timestamp "
                                        + targets.timestampVersion()
                                        + " of the registry's repository, root "
                                        + targets.rootVersion())
                .orElse("nothing");
    }

    LogHeads heads() {
        return heads;
    }

    PluginRecords records() {
        return records;
    }

    @Override
    public void save() {
        try {
            records.save();
        } catch (IOException unwritable) {
            throw new LoaderException(
                    "trust-state-unusable",
                    "what was trusted cannot be kept, so that a change could not be noticed later: "
                            + unwritable,
                    unwritable);
        }
    }
}
