package dev.modunest.edge.admin;

import dev.modunest.edge.cache.EdgeCache;
import dev.modunest.edge.cache.NamedPurge;
import dev.modunest.edge.cache.Purges;
import dev.modunest.edge.cache.ResponseTable;
import dev.modunest.edge.fill.Names;
import dev.modunest.edge.serve.ArtifactPath;
import dev.modunest.format.Digest;

import java.util.HashSet;
import java.util.Set;

/**
 * Applies purges by name to the stored responses and to both tiers, one after the other.
 * Thread-safe; blocks.
 */
public final class TierPurge {

    /**
     * What a purge has done.
     *
     * @param responses stored ones that it has dropped or outdated
     * @param objects that have left memory or disk
     */
    record Outcome(int responses, int objects) {}

    private final Purges purges;
    private final EdgeCache cache;
    private final ResponseTable responses;
    private final Names names;
    private final boolean artifacts;

    /**
     * @param artifacts whether there are paths that name artifacts
     */
    public TierPurge(
            Purges purges,
            EdgeCache cache,
            ResponseTable responses,
            Names names,
            boolean artifacts) {
        this.purges = purges;
        this.cache = cache;
        this.responses = responses;
        this.names = names;
        this.artifacts = artifacts;
    }

    /** Returns when nothing that {@code purge} selects is used as it was. */
    synchronized Outcome apply(NamedPurge purge) {
        NamedPurge whole = artifacts && !purge.soft() ? purge.and(namedArtifacts(purge)) : purge;
        // First what comes, then what is there: nothing slips through between.
        whole.digests().forEach(cache.refusals()::purge);
        purges.purge(whole);
        ResponseTable.Purged purged = responses.purge(whole);
        Set<Digest> leaving = responses.unreferenced(purged.contents());
        leaving.addAll(whole.digests());
        int objects = 0;
        for (Digest digest : leaving) {
            if (cache.drop(digest)) {
                objects++;
            }
        }
        return new Outcome(purged.responses(), objects);
    }

    /** The artifacts whose paths it names: by digest, and by name where that has been resolved. */
    private Set<Digest> namedArtifacts(NamedPurge purge) {
        Set<Digest> digests = new HashSet<>();
        for (String uri : purge.uris()) {
            ArtifactPath.parse(uri)
                    .ifPresent(
                            path -> {
                                if (path instanceof ArtifactPath.ByDigest(Digest digest)) {
                                    digests.add(digest);
                                }
                            });
        }
        digests.addAll(names.findAll(purge::names));
        if (!purge.prefixes().isEmpty()) {
            cache.digests().stream()
                    .filter(each -> purge.names(new ArtifactPath.ByDigest(each).text()))
                    .forEach(digests::add);
        }
        return digests;
    }
}
