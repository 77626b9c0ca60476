package dev.modunest.format.tuf.write;

import dev.modunest.format.sign.KeyPairSigner;
import dev.modunest.format.sign.SignatureAlgorithm;
import dev.modunest.format.sign.Signer;
import dev.modunest.format.tuf.MetadataStore;
import dev.modunest.format.tuf.RepositoryReader;
import dev.modunest.format.tuf.RoleKeys;
import dev.modunest.format.tuf.RolePath;
import dev.modunest.format.tuf.RootMetadata;
import dev.modunest.format.tuf.SignedDocument;
import dev.modunest.format.tuf.TargetFile;
import dev.modunest.format.tuf.TrustedTargets;
import dev.modunest.format.tuf.TufClient;
import dev.modunest.format.tuf.TufException;
import dev.modunest.format.tuf.TufLimits;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** A registry's repository after its ceremony, in memory, with all its keys. */
final class TestRepository implements RepositoryReader {

    static final byte[] TRUSTED_ROOT = bytes("{\"trusted\":\"root\"}");

    Instant now;
    final List<Signer> root = signers(5);
    final List<Signer> targets = signers(3);
    final Signer revocations = signer();
    OnlineSigners online = new OnlineSigners(signer(), signer(), signer());
    final Map<String, byte[]> files = new HashMap<>();
    final Map<String, byte[]> kept = new HashMap<>();
    RepositoryState state;

    TestRepository(Instant now) {
        this.now = now;
        SignedDocument first = TufDocuments.root(1, now.plus(Duration.ofDays(365)), rootKeys());
        put(RolePath.of("root", 1), sign(first, root.subList(1, 4)).bytes());
        SignedDocument signedTargets = targets(1);
        write(
                RepositoryFile.ofTarget(
                        TargetFile.of(Layout.TRUSTED_ROOT, TRUSTED_ROOT), TRUSTED_ROOT));
        byte[] revoked = bytes("{\"revoked\":[]}");
        write(RevocationsWriter.content(revoked));
        Batch batch = writer().start(signedTargets, revocationsWriter().sign(1, revoked));
        batch.files().forEach(this::write);
        state = batch.next();
        kept.put("root", file(RolePath.of("root", 1)));
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static Signer signer() {
        return new KeyPairSigner(KeyPairSigner.generate(SignatureAlgorithm.ED25519));
    }

    private static List<Signer> signers(int count) {
        return Stream.generate(TestRepository::signer).limit(count).toList();
    }

    RootKeys rootKeys() {
        return new RootKeys(
                RootKeys.of(3, root.stream().map(Signer::key).toList()),
                targetsKeys(),
                RootKeys.single(online.snapshot().key()),
                RootKeys.single(online.timestamp().key()));
    }

    RoleKeys targetsKeys() {
        return RootKeys.of(2, targets.stream().map(Signer::key).toList());
    }

    SignedDocument targets(long version) {
        return sign(
                TufDocuments.targets(
                        version,
                        now.plus(Duration.ofDays(180)),
                        List.of(TargetFile.of(Layout.TRUSTED_ROOT, TRUSTED_ROOT)),
                        RootKeys.single(revocations.key()),
                        RootKeys.single(online.bins().key())),
                targets.subList(0, 2));
    }

    static SignedDocument sign(SignedDocument document, List<Signer> signers) {
        SignedDocument signed = document;
        for (Signer signer : signers) {
            signed = signed.signedBy(signer);
        }
        return signed;
    }

    RepositoryWriter writer() {
        return new RepositoryWriter(online, SigningTerms.DEFAULT, () -> now);
    }

    RevocationsWriter revocationsWriter() {
        return new RevocationsWriter(revocations, SigningTerms.DEFAULT.revocations(), () -> now);
    }

    void apply(Batch batch) {
        batch.files().forEach(this::write);
        state = batch.next();
    }

    void write(RepositoryFile file) {
        put(file.path(), file.content());
    }

    void put(String path, byte[] content) {
        files.put(path, content);
    }

    byte[] file(String path) {
        return Optional.ofNullable(files.get(path)).orElseThrow();
    }

    RootMetadata rootMetadata(long version) {
        return RootMetadata.of(SignedDocument.parse(file(RolePath.of("root", version))));
    }

    TrustedTargets refresh() throws TufException {
        MetadataStore store =
                new MetadataStore() {
                    @Override
                    public Optional<byte[]> read(String role) {
                        return Optional.ofNullable(kept.get(role));
                    }

                    @Override
                    public void write(String role, byte[] document) {
                        kept.put(role, document);
                    }

                    @Override
                    public void remove(String role) {
                        kept.remove(role);
                    }
                };
        return new TufClient(store, this, () -> now, TufLimits.DEFAULT).refresh();
    }

    /** The content of a target as a host gets it. */
    String download(String target) throws TufException {
        TrustedTargets trusted = refresh();
        RepositoryReader below = (path, max) -> fetch(Layout.TARGETS_FOLDER + path, max);
        return new String(trusted.download(trusted.get(target), below), StandardCharsets.UTF_8);
    }

    @Override
    public Optional<byte[]> fetch(String path, int maxBytes) {
        return Optional.ofNullable(files.get(path));
    }
}
