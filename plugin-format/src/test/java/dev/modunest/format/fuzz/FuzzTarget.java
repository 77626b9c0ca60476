package dev.modunest.format.fuzz;

import java.util.List;
import java.util.function.Supplier;

/**
 * A parser of foreign bytes.
 *
 * @param check lets an exception through for a defect alone: what the parser documents is caught
 *     there
 * @param seeds what the search starts from, mostly well-formed
 */
record FuzzTarget(String name, Check check, Supplier<List<byte[]>> seeds) {

    static final List<FuzzTarget> ALL =
            List.of(
                    new FuzzTarget("ARCHIVE", FormatChecks::archive, Seeds::archives),
                    new FuzzTarget("MANIFEST", FormatChecks::manifest, Seeds::manifests),
                    new FuzzTarget("VERSION", FormatChecks::version, Seeds::versions),
                    new FuzzTarget(
                            "VERSION_RANGE", FormatChecks::versionRange, Seeds::versionRanges),
                    new FuzzTarget("CANONICAL_JSON", FormatChecks::canonicalJson, Seeds::json),
                    new FuzzTarget("RANGE_HEADER", FormatChecks::rangeHeader, Seeds::rangeHeaders),
                    new FuzzTarget("ENTITY_TAGS", FormatChecks::entityTags, Seeds::entityTags),
                    new FuzzTarget("BUNDLE", TrustChecks::bundle, TrustSeeds::bundles),
                    new FuzzTarget(
                            "SIGSTORE_BUNDLE", TrustChecks::sigstoreBundle, TrustSeeds::bundles),
                    new FuzzTarget("STATEMENT", TrustChecks::statement, TrustSeeds::statements),
                    new FuzzTarget(
                            "CERTIFICATE", TrustChecks::certificate, TrustSeeds::certificates),
                    new FuzzTarget(
                            "REVOCATION_LIST",
                            TrustChecks::revocationList,
                            TrustSeeds::revocationLists),
                    new FuzzTarget("TIME_STAMP", TrustChecks::timeStamp, TrustSeeds::timeStamps),
                    new FuzzTarget(
                            "TRUSTED_ROOT", TrustChecks::trustedRoot, TrustSeeds::trustedRoots),
                    new FuzzTarget("VERDICT", VerdictCheck::run, VerdictCheck::seeds),
                    new FuzzTarget("NOTE", LogChecks::note, TrustSeeds::notes),
                    new FuzzTarget("NOTE_KEY", LogChecks::noteKey, TrustSeeds::noteKeys),
                    new FuzzTarget("LOG_PROOF", LogChecks::logProof, TrustSeeds::logProofs),
                    new FuzzTarget("TILE_PATH", LogChecks::tilePath, Seeds::tilePaths),
                    new FuzzTarget("ENTRY_BUNDLE", LogChecks::entryBundle, Seeds::entryBundles),
                    new FuzzTarget("TUF_ROOT", TufChecks::root, TufSeeds::root),
                    new FuzzTarget("TUF_TIMESTAMP", TufChecks::timestamp, TufSeeds::timestamp),
                    new FuzzTarget("TUF_SNAPSHOT", TufChecks::snapshot, TufSeeds::snapshot),
                    new FuzzTarget("TUF_TARGETS", TufChecks::targets, TufSeeds::targets));

    /** What must hold of any bytes. */
    @FunctionalInterface
    interface Check {

        void run(byte[] data) throws Exception;
    }

    static FuzzTarget named(String name) {
        return ALL.stream()
                .filter(target -> target.name().equals(name))
                .findFirst()
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "no target is called "
                                                + name
                                                + ": "
                                                + ALL.stream().map(FuzzTarget::name).toList()));
    }

    @Override
    public String toString() {
        return name;
    }
}
