package dev.modunest.server.publish;

import static dev.modunest.server.publish.SignerRules.refused;

import dev.modunest.db.Database;
import dev.modunest.format.Coordinate;
import dev.modunest.format.Digest;
import dev.modunest.format.Manifest;
import dev.modunest.format.trust.bundle.ReleaseBundle;
import dev.modunest.format.trust.statement.BuildProvenance;
import dev.modunest.format.trust.statement.ReleaseStatement;
import dev.modunest.format.trust.statement.Statement;
import dev.modunest.server.attest.SignedRelease;
import dev.modunest.server.problem.ProblemCode;
import dev.modunest.server.problem.Rejection;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;

/** What is signed of a release has to be: each rule throws a {@link Rejection}. */
final class BundleRules {

    private final Database database;
    private final SignerRules signers;
    private final LevelRules levels;
    private final boolean required;

    /**
     * @param required whether a release without a signature is refused
     */
    BundleRules(Database database, SignerRules signers, LevelRules levels, boolean required) {
        this.database = database;
        this.signers = signers;
        this.levels = levels;
        this.required = required;
    }

    /** A bundle of which everything holds that can be told without the release. */
    record Checked(ReleaseBundle bundle, SignerRules.Signer signer, Statement statement) {

        boolean isProvenance() {
            return statement.predicateType().equals(BuildProvenance.TYPE);
        }
    }

    /** What can be told without the release: who signed, and that it is a signature for it. */
    Checked check(Coordinate coordinate, byte[] json, Instant now) {
        try {
            ReleaseBundle bundle = ReleaseBundle.parse(json);
            if (bundle.logged().isPresent()) {
                throw refused(
                        "it has a log entry, and the log is written here; send what sign made");
            }
            SignerRules.Signer signer = signers.check(bundle, coordinate.plugin().namespace(), now);
            Checked checked =
                    new Checked(
                            new ReleaseBundle(bundle.envelope(), bundle.certificate()),
                            signer,
                            Statement.parse(bundle.envelope()));
            requireOf(coordinate, checked);
            return checked;
        } catch (IllegalArgumentException malformed) {
            throw refused(String.valueOf(malformed.getMessage()));
        }
    }

    /** Provenance names the artifact alone, which is not known yet. */
    private static void requireOf(Coordinate coordinate, Checked checked) {
        if (checked.isProvenance()) {
            BuildProvenance _ = BuildProvenance.of(checked.statement());
            return;
        }
        Coordinate named = ReleaseStatement.of(checked.statement()).coordinate();
        if (!named.equals(coordinate)) {
            throw refused("the statement is of " + named + ", not of " + coordinate);
        }
    }

    /** The bundles that a publish named, held against the bytes that came. */
    SignedRelease check(
            PublishRequest request,
            Manifest manifest,
            String manifestJson,
            Digest artifact,
            Instant now) {
        if (request.bundles().isEmpty()) {
            if (required) {
                throw new Rejection(
                        ProblemCode.SIGNATURE_REQUIRED,
                        "This registry takes signed releases alone; sign with modunest sign, or publish with the modunest command and a key");
            }
            return SignedRelease.UNSIGNED;
        }
        Optional<Checked> publisher = Optional.empty();
        Optional<Checked> provenance = Optional.empty();
        Optional<Checked> second = Optional.empty();
        for (Digest named : request.bundles()) {
            Checked checked = check(manifest.coordinate(), find(named), now);
            if (checked.isProvenance()) {
                requireSame(
                        "artifact", BuildProvenance.of(checked.statement()).artifact(), artifact);
                provenance = once("provenance", provenance, checked);
            } else {
                requireOfBytes(checked, manifest, manifestJson, artifact);
                if (publisher.isEmpty()) {
                    publisher = Optional.of(checked);
                } else {
                    second = once("second signature", second, checked);
                }
            }
        }
        return levels.signed(
                manifest.coordinate().plugin(),
                publisher.orElseThrow(
                        () -> refused("it is provenance alone; sign the release too")),
                provenance,
                second);
    }

    private byte[] find(Digest named) {
        return database.<Optional<String>>read(tx -> tx.uploadedBundles().find(named))
                .orElseThrow(
                        () ->
                                refused(
                                        "there is no bundle "
                                                + named
                                                + "; PUT it to the path of the release with /bundle behind, within two days before the release"))
                .getBytes(StandardCharsets.UTF_8);
    }

    private static Optional<Checked> once(String what, Optional<Checked> before, Checked now) {
        if (before.isPresent()) {
            throw refused("the publish names more than one " + what);
        }
        return Optional.of(now);
    }

    private static void requireOfBytes(
            Checked checked, Manifest manifest, String manifestJson, Digest artifact) {
        ReleaseStatement statement = ReleaseStatement.of(checked.statement());
        requireSame("artifact", statement.artifact(), artifact);
        requireSame(
                "manifest",
                statement.manifest(),
                Digest.ofBytes(manifestJson.getBytes(StandardCharsets.UTF_8)));
        if (!statement
                .capabilities()
                .equals(manifest.permissions().stream().sorted().distinct().toList())) {
            throw refused("the statement names other capabilities than the manifest's permissions");
        }
    }

    private static void requireSame(String what, Digest said, Digest is) {
        if (!said.equals(is)) {
            throw refused(
                    "the statement is of the " + what + " " + said + " and this one has " + is);
        }
    }
}
