package dev.modunest.loader.testing;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.modunest.format.Coordinate;
import dev.modunest.format.Digest;
import dev.modunest.format.PluginId;
import dev.modunest.format.StrictJson;
import dev.modunest.format.log.TilePath;
import dev.modunest.format.sign.KeyPairSigner;
import dev.modunest.format.sign.SignatureAlgorithm;
import dev.modunest.format.sign.Signer;
import dev.modunest.format.trust.statement.ReleaseStatement;
import dev.modunest.format.trust.testing.TestAuthority;
import dev.modunest.format.trust.testing.TrustFixture;
import dev.modunest.format.trust.testing.TrustFixture.BuiltRelease;
import dev.modunest.format.trust.testing.TrustFixture.Release;
import dev.modunest.format.trust.testing.TrustFixture.SummaryChange;
import dev.modunest.format.tuf.RoleKeys;
import dev.modunest.format.tuf.SignedDocument;
import dev.modunest.format.tuf.TargetFile;
import dev.modunest.format.tuf.write.Batch;
import dev.modunest.format.tuf.write.Layout;
import dev.modunest.format.tuf.write.OnlineSigners;
import dev.modunest.format.tuf.write.RepositoryFile;
import dev.modunest.format.tuf.write.RepositoryState;
import dev.modunest.format.tuf.write.RepositoryWriter;
import dev.modunest.format.tuf.write.RevocationsWriter;
import dev.modunest.format.tuf.write.RootKeys;
import dev.modunest.format.tuf.write.SigningTerms;
import dev.modunest.format.tuf.write.TargetChange;
import dev.modunest.format.tuf.write.TufDocuments;
import dev.modunest.loader.LoaderOptions;
import dev.modunest.loader.LoaderOptionsBuilder;
import dev.modunest.loader.TrustOptions;
import dev.modunest.loader.TrustOptionsBuilder;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** A registry that signs everything, on a free port, at the time of its clock. */
public final class TrustedRegistry implements AutoCloseable {

    private final TrustFixture fixture = new TrustFixture();
    private final TestClock clock = new TestClock(TrustFixture.NOW);
    private final FakeRegistry server;
    private final Map<String, byte[]> files = new ConcurrentHashMap<>();
    private final Map<PluginId, Map<Coordinate, ObjectNode>> index = new LinkedHashMap<>();
    private final Map<PluginId, List<String>> identities = new LinkedHashMap<>();
    private final List<Signer> root = signers(5);
    private final List<Signer> targets = signers(3);
    private final Signer revocations = signer();
    private final OnlineSigners online = new OnlineSigners(signer(), signer(), signer());
    private RepositoryState state;
    private long revocationsVersion = 1;
    private long listNumber = 1;
    private int witnesses;

    public TrustedRegistry() throws IOException {
        server = new FakeRegistry();
        server.serve(this::file);
        files.put(
                "/tuf/1.root.json",
                sign(
                                TufDocuments.root(
                                        1, clock.instant().plus(Duration.ofDays(365)), rootKeys()),
                                root.subList(0, 3))
                        .bytes());
        byte[] trusted = fixture.trustedRoot().bytes();
        write(RepositoryFile.ofTarget(TargetFile.of(Layout.TRUSTED_ROOT, trusted), trusted));
        write(
                RepositoryFile.ofTarget(
                        TargetFile.of(Layout.POLICY, TrustFixture.RULES), TrustFixture.RULES));
        byte[] revoked = revokedJson(Map.of());
        write(RevocationsWriter.content(revoked));
        SignedDocument top =
                sign(
                        TufDocuments.targets(
                                1,
                                clock.instant().plus(Duration.ofDays(180)),
                                List.of(
                                        TargetFile.of(Layout.TRUSTED_ROOT, trusted),
                                        TargetFile.of(Layout.POLICY, TrustFixture.RULES)),
                                RootKeys.single(revocations.key()),
                                RootKeys.single(online.bins().key())),
                        targets.subList(0, 2));
        Batch first = writer().start(top, revocationsWriter().sign(1, revoked));
        first.files().forEach(this::write);
        state = first.next();
        revokeCertificates();
    }

    private static Signer signer() {
        return new KeyPairSigner(KeyPairSigner.generate(SignatureAlgorithm.ED25519));
    }

    private static List<Signer> signers(int count) {
        return Stream.generate(TrustedRegistry::signer).limit(count).toList();
    }

    private RootKeys rootKeys() {
        RoleKeys targetsKeys = RootKeys.of(2, targets.stream().map(Signer::key).toList());
        return new RootKeys(
                RootKeys.of(3, root.stream().map(Signer::key).toList()),
                targetsKeys,
                RootKeys.single(online.snapshot().key()),
                RootKeys.single(online.timestamp().key()));
    }

    private static SignedDocument sign(SignedDocument document, List<Signer> signers) {
        SignedDocument signed = document;
        for (Signer signer : signers) {
            signed = signed.signedBy(signer);
        }
        return signed;
    }

    private RepositoryWriter writer() {
        return new RepositoryWriter(online, SigningTerms.DEFAULT, clock);
    }

    private RevocationsWriter revocationsWriter() {
        return new RevocationsWriter(revocations, SigningTerms.DEFAULT.revocations(), clock);
    }

    private void write(RepositoryFile file) {
        files.put("/tuf/" + file.path(), file.content());
    }

    private Optional<byte[]> file(String path) {
        String log = "/log/2026/";
        if (files.containsKey(path) || !path.startsWith(log)) {
            return Optional.ofNullable(files.get(path));
        }
        String rest = path.substring(log.length());
        return rest.equals("checkpoint")
                ? Optional.of(bytes(fixture.log().checkpoint(witnesses, clock.instant())))
                : TilePath.parse(rest).flatMap(fixture.log()::tile);
    }

    public static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    public TrustFixture fixture() {
        return fixture;
    }

    public TestClock clock() {
        return clock;
    }

    public FakeRegistry server() {
        return server;
    }

    public URI uri() {
        return server.uri();
    }

    /** What is served besides artifacts and the log, by path; may be changed. */
    public Map<String, byte[]> files() {
        return files;
    }

    /** From now on so many witnesses co-sign. */
    public void witnessed(int count) {
        witnesses = count;
    }

    /** Where the evidence of a plugin is, but for its suffix. */
    public static String path(Coordinate release) {
        return "/artifacts/"
                + release.plugin()
                + "/"
                + release.version()
                + "/"
                + release.fileName();
    }

    public static ReleaseStatement statement(TestPlugin plugin) {
        byte[] jar = plugin.jar();
        return new ReleaseStatement(
                plugin.coordinate(),
                Digest.ofBytes(jar),
                TrustFixture.sha512(jar),
                Digest.ofBytes(bytes("{}")),
                plugin.permissions(),
                Optional.empty());
    }

    /** Publishes what the publisher of {@code acme} signed. */
    public TrustedRegistry publish(TestPlugin plugin) {
        return publish(
                plugin,
                fixture.release(
                        fixture.publisher(),
                        statement(plugin),
                        SummaryChange.none(),
                        witnesses,
                        clock.instant()));
    }

    /** Publishes with this evidence. */
    public TrustedRegistry publish(TestPlugin plugin, Release release) {
        String path = path(plugin.coordinate());
        files.put(path + ".sigstore.json", release.publisherBundle().bytes());
        files.put(path + ".vsa.sigstore.json", release.summaryBundle().bytes());
        files.put(path + ".tlog-proof", bytes(release.logProof()));
        return list(plugin);
    }

    /** Publishes what a job built and two signed. */
    public TrustedRegistry publish(TestPlugin plugin, BuiltRelease built) {
        String path = path(plugin.coordinate());
        files.put(path + ".provenance.sigstore.json", built.provenance().bytes());
        files.put(path + ".second.sigstore.json", built.second().bytes());
        return publish(plugin, built.release());
    }

    /** Puts a plugin into both indexes, with no evidence. */
    public TrustedRegistry list(TestPlugin plugin) {
        server.add(plugin);
        ObjectNode release = StrictJson.JSON.createObjectNode();
        release.put("version", plugin.coordinate().version().toString());
        release.put("digest", plugin.digest().toString());
        release.put("size", plugin.jar().length);
        release.put("status", "live");
        release.put("published_at", clock.instant().toString());
        index.computeIfAbsent(plugin.coordinate().plugin(), _ -> new TreeMap<>())
                .put(plugin.coordinate(), release);
        return publishIndex(plugin.coordinate().plugin());
    }

    /** Changes what the signed index says of a release. */
    public TrustedRegistry change(TestPlugin plugin, String field, String value) {
        Optional.ofNullable(index.get(plugin.coordinate().plugin()))
                .map(releases -> releases.get(plugin.coordinate()))
                .orElseThrow()
                .put(field, value);
        return publishIndex(plugin.coordinate().plugin());
    }

    /** Says who may sign a plugin. */
    public TrustedRegistry owners(PluginId plugin, List<String> uris) {
        identities.put(plugin, uris);
        return publishIndex(plugin);
    }

    private TrustedRegistry publishIndex(PluginId plugin) {
        ObjectNode document = StrictJson.JSON.createObjectNode();
        document.put("index_version", 1);
        document.put("plugin", plugin.toString());
        identities
                .getOrDefault(
                        plugin,
                        List.of(
                                "https://"
                                        + TrustFixture.REGISTRY
                                        + "/publishers/"
                                        + plugin.namespace()))
                .forEach(document.withArray("identities")::add);
        ObjectNode publishing = document.putObject("trusted_publishing");
        publishing.put("required", false);
        publishing.putArray("repository_ids").add(TrustFixture.REPOSITORY_ID);
        ArrayNode releases = document.putArray("releases");
        index.getOrDefault(plugin, Map.of()).values().forEach(releases::add);
        byte[] content = bytes(document.toString());
        String target = Layout.indexTarget(plugin);
        try {
            apply(
                    writer().publish(
                                    state,
                                    List.of(new TargetChange.Put(target, content)),
                                    (path, _) -> Optional.ofNullable(files.get("/tuf/" + path))));
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return this;
    }

    private void apply(Batch batch) {
        batch.files().forEach(this::write);
        state = batch.next();
    }

    /** Signs the timestamp, and what else is due, anew. */
    public void renew() {
        try {
            apply(
                    writer().renew(
                                    state,
                                    256,
                                    (path, _) -> Optional.ofNullable(files.get("/tuf/" + path))));
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /** {@code revoked.json} with one artifact. */
    public void revoke(TestPlugin plugin, String reason) {
        byte[] revoked = revokedJson(Map.of(plugin.digest(), reason));
        write(RevocationsWriter.content(revoked));
        apply(
                writer().adopt(
                                state,
                                Layout.REVOCATIONS,
                                revocationsWriter().sign(++revocationsVersion, revoked),
                                RootKeys.single(revocations.key())));
    }

    private byte[] revokedJson(Map<Digest, String> reasons) {
        ObjectNode json = StrictJson.JSON.createObjectNode();
        json.put("revoked_version", 1);
        ArrayNode artifacts = json.putArray("artifacts");
        reasons.forEach(
                (digest, reason) ->
                        artifacts
                                .addObject()
                                .put("digest", digest.toString())
                                .put("reason", reason)
                                .put("at", clock.instant().toString()));
        return bytes(json.toString());
    }

    /** A new revocation list, current for a day, with these. */
    public void revokeCertificates(TestAuthority.Revoked... revoked) {
        Instant issued = clock.instant().minus(Duration.ofHours(1));
        files.put(
                "/pki/i1.crl",
                fixture.issuing()
                        .revokeDer(issued, Duration.ofDays(1), listNumber++, List.of(revoked)));
    }

    /** Writes the first root into {@code folder}. */
    public Path rootIn(Path folder) throws IOException {
        return Files.write(
                folder.resolve("1.root.json"),
                Optional.ofNullable(files.get("/tuf/1.root.json")).orElseThrow());
    }

    /** Strict trust of a host whose folders are below {@code folder}. */
    public TrustOptionsBuilder trust(Path folder) throws IOException {
        return TrustOptions.rootedIn(rootIn(folder), folder.resolve("trust"))
                .logKeys(List.of(fixture.log().mlDsaKey()))
                .refresh(Duration.ZERO)
                .clock(clock);
    }

    /** A host with this trust. */
    public LoaderOptionsBuilder host(Path folder, TrustOptions trust) {
        return LoaderOptions.in(folder.resolve("cache"))
                .registry(uri())
                .trust(trust)
                .hostPackages(Set.of("dev.modunest.loader.testing"))
                .attempts(1)
                .idleDeadline(Duration.ofSeconds(5))
                .stopDeadline(Duration.ofSeconds(5));
    }

    public List<String> requests(String part) {
        return new ArrayList<>(server.requests())
                .stream().filter(line -> line.contains(part)).toList();
    }

    @Override
    public void close() {
        server.close();
    }
}
