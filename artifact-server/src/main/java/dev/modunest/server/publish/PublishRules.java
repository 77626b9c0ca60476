package dev.modunest.server.publish;

import dev.modunest.db.Database;
import dev.modunest.db.NewRelease;
import dev.modunest.db.Release;
import dev.modunest.db.Transaction;
import dev.modunest.format.Dependency;
import dev.modunest.format.Digest;
import dev.modunest.format.Inspection;
import dev.modunest.format.Manifest;
import dev.modunest.format.PluginId;
import dev.modunest.format.http.Problem;
import dev.modunest.format.resolve.IndexEntry;
import dev.modunest.format.resolve.ReleaseSource;
import dev.modunest.format.resolve.ReleaseStatus;
import dev.modunest.format.resolve.ResolveJson;
import dev.modunest.server.attest.SignedRelease;
import dev.modunest.server.auth.Action;
import dev.modunest.server.auth.Decision;
import dev.modunest.server.auth.PluginAuthService;
import dev.modunest.server.auth.Principal;
import dev.modunest.server.problem.ProblemCode;
import dev.modunest.server.problem.Rejection;
import dev.modunest.settings.ByteSize;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What may be published: each rule is one method, and throws a {@link Rejection}. */
final class PublishRules {

    private final Database database;
    private final ReleaseSource releases;
    private final PluginAuthService auth;
    private final NamePolicy names;
    private final BundleRules bundles;
    private final UploadConfig config;
    private final ByteSize maxIndex;

    PublishRules(
            Database database,
            ReleaseSource releases,
            PluginAuthService auth,
            NamePolicy names,
            BundleRules bundles,
            UploadConfig config,
            ByteSize maxIndex) {
        this.database = database;
        this.releases = releases;
        this.auth = auth;
        this.names = names;
        this.bundles = bundles;
        this.config = config;
        this.maxIndex = maxIndex;
    }

    /** What can be told without the body. */
    void checkBeforeBody(PublishRequest request) {
        long limit = config.maxSize().bytes();
        long length = request.length().orElse(0);
        if (length > limit) {
            throw UploadStream.tooLarge("The body has " + length + " bytes", limit);
        }
        database.<Boolean>read(tx -> checkTrusted(tx, request));
        names.check(request.coordinate().plugin(), request.account());
        checkVersionFree(request, request.announced());
    }

    /**
     * The machine accounts of trusted publishers have no other credential than that of their CI.
     */
    private static boolean checkTrusted(Transaction tx, PublishRequest request) {
        PluginId plugin = request.coordinate().plugin();
        if (tx.plugins().isTrustedPublishingOnly(plugin)
                && !tx.accounts().isMachine(request.account().id())) {
            throw new Rejection(
                    ProblemCode.TRUSTED_PUBLISHING_REQUIRED,
                    plugin
                            + " takes releases from its trusted publishers alone, and "
                            + request.account().name()
                            + " is none; publish from the CI job that GET /api/v1/plugins/"
                            + plugin
                            + "/trusted-publishers names, or end the rule by DELETE /api/v1/plugins/"
                            + plugin
                            + "/trusted-publishing-only");
        }
        return true;
    }

    /** What the bytes themselves say. */
    Admissible check(PublishRequest request, Staged staged, Instant now) {
        checkDigest(request, staged);
        Inspection.Accepted archive = accepted(staged.inspection());
        checkCoordinate(request, archive.manifest());
        checkRequirements(request, archive.manifest());
        checkIndexHasRoom(archive.manifest());
        checkVersionFree(request, Optional.of(staged.digest()));
        SignedRelease signed =
                bundles.check(
                        request, archive.manifest(), archive.manifestJson(), staged.digest(), now);
        NewRelease release =
                new NewRelease(
                        archive.manifest(),
                        archive.manifestJson(),
                        staged.digest(),
                        staged.size(),
                        signed.level(),
                        request.account().id(),
                        now);
        return new Admissible(staged.object(), release, archive.unknownFields(), signed);
    }

    /**
     * Who publishes still may: since that was decided the namespace may have got another owner, or
     * its first one.
     */
    void checkMayPublish(Transaction tx, PublishRequest request) {
        checkTrusted(tx, request);
        PluginId plugin = request.coordinate().plugin();
        Decision decision = auth.authorize(tx, request.account(), plugin, Action.RELEASE_PUBLISH);
        if (!decision.allowed()) {
            throw new Rejection(
                    ProblemCode.NAMESPACE_FOREIGN,
                    request.account().name()
                            + " may not publish "
                            + plugin
                            + ": "
                            + decision.because()
                            + "; publish under a namespace of your own, or ask its owner for a grant");
        }
    }

    void checkVersionFree(PublishRequest request, Optional<Digest> bytes) {
        database.read(tx -> tx.releases().find(request.coordinate()))
                .ifPresent(
                        existing -> {
                            throw versionExists(existing, bytes);
                        });
    }

    private static Rejection versionExists(Release existing, Optional<Digest> bytes) {
        String compared =
                bytes.map(
                                digest ->
                                        digest.equals(existing.digest())
                                                ? "; the bytes are the same, so nothing is left to do"
                                                : "; the bytes sent are others: " + digest)
                        .orElse("");
        return new Rejection(
                ProblemCode.VERSION_EXISTS,
                existing.coordinate()
                        + " was published at "
                        + existing.publishedAt()
                        + " with "
                        + existing.digest()
                        + compared
                        + ". A version is never published twice; raise the version to publish a change");
    }

    private static void checkDigest(PublishRequest request, Staged staged) {
        request.announced()
                .filter(announced -> !announced.equals(staged.digest()))
                .ifPresent(
                        announced -> {
                            throw new Rejection(
                                    ProblemCode.DIGEST_MISMATCH,
                                    "The header announces "
                                            + announced
                                            + " and the "
                                            + staged.size()
                                            + " bytes received have "
                                            + staged.digest()
                                            + "; compute the digest of the file that is sent, or send it again");
                        });
    }

    private static Inspection.Accepted accepted(Inspection inspection) {
        return switch (inspection) {
            case Inspection.Accepted accepted -> accepted;
            case Inspection.Refused refused ->
                    throw new Rejection(
                            ProblemCode.ARCHIVE_REFUSED,
                            "The archive has "
                                    + refused.problems().size()
                                    + (refused.problems().size() == 1 ? " problem" : " problems")
                                    + "; errors lists each with its fix, and modunest inspect shows the same before publishing",
                            refused.problems().stream()
                                    .map(
                                            problem ->
                                                    new Problem.Fault(
                                                            problem.code(),
                                                            problem.where(),
                                                            problem.detail(),
                                                            problem.fix()))
                                    .toList());
        };
    }

    private static void checkCoordinate(PublishRequest request, Manifest manifest) {
        if (!manifest.coordinate().equals(request.coordinate())) {
            throw new Rejection(
                    ProblemCode.COORDINATE_MISMATCH,
                    "The path names "
                            + request.coordinate()
                            + " and the manifest "
                            + manifest.coordinate()
                            + "; publish to the path that the manifest names, or correct the manifest");
        }
    }

    private void checkRequirements(PublishRequest request, Manifest manifest) {
        Principal publisher = Principal.Developer.unlimited(request.account());
        List<Dependency> required =
                manifest.requires().stream().filter(dependency -> !dependency.optional()).toList();
        Map<PluginId, List<IndexEntry>> found =
                releases.releases(
                        required.stream()
                                .map(Dependency::plugin)
                                .filter(plugin -> auth.mayRead(publisher, plugin))
                                .collect(Collectors.toSet()));
        List<Problem.Fault> faults = new ArrayList<>();
        for (Dependency dependency : required) {
            fault(dependency, found.getOrDefault(dependency.plugin(), List.of()))
                    .ifPresent(faults::add);
        }
        if (!faults.isEmpty()) {
            throw new Rejection(
                    ProblemCode.DEPENDENCY_UNRESOLVABLE,
                    manifest.coordinate()
                            + " requires what no release here satisfies; publish the requirements first, correct their ranges, or make them optional",
                    faults);
        }
    }

    /** Edges keep, and hosts read, the document of a plugin as a whole. */
    private void checkIndexHasRoom(Manifest manifest) {
        PluginId plugin = manifest.coordinate().plugin();
        long there = database.read(tx -> tx.releases().indexBytes(plugin));
        long added = ResolveJson.requires(manifest.requires()).length();
        if (there + added > maxIndex.bytes()) {
            throw new Rejection(
                    ProblemCode.INDEX_FULL,
                    "The releases of "
                            + plugin
                            + " take "
                            + ByteSize.describe(there)
                            + " in the index, this one "
                            + ByteSize.describe(added)
                            + ", and the limit is "
                            + maxIndex
                            + "; require fewer plugins, or go on under another name and deprecate this one in its favour");
        }
    }

    private static Optional<Problem.Fault> fault(Dependency dependency, List<IndexEntry> releases) {
        if (releases.isEmpty()) {
            return Optional.of(
                    new Problem.Fault(
                            "unknown-plugin",
                            dependency.plugin().toString(),
                            "There is no plugin " + dependency.plugin() + " here",
                            "Publish it first, or correct its name"));
        }
        boolean satisfied =
                releases.stream()
                        .filter(entry -> entry.status().state() == ReleaseStatus.State.LIVE)
                        .anyMatch(
                                entry -> dependency.range().contains(entry.coordinate().version()));
        return satisfied
                ? Optional.empty()
                : Optional.of(
                        new Problem.Fault(
                                "no-matching-release",
                                dependency.plugin().toString(),
                                "None of the "
                                        + releases.size()
                                        + " releases of "
                                        + dependency.plugin()
                                        + " is in "
                                        + dependency.range()
                                        + "; the highest is "
                                        + releases.getLast().coordinate().version(),
                                "Widen the range, or publish a release that is in it"));
    }
}
