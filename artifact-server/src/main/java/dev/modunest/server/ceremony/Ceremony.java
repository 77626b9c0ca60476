package dev.modunest.server.ceremony;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.modunest.format.sign.KeyPairSigner;
import dev.modunest.format.sign.SignatureAlgorithm;
import dev.modunest.format.sign.Signer;
import dev.modunest.format.tuf.write.Layout;
import dev.modunest.server.attest.CheckPolicy;
import dev.modunest.server.key.KeyFiles;
import dev.modunest.server.key.KeyLocation;
import dev.modunest.server.key.KeyStorage;
import dev.modunest.server.key.OwnFiles;
import dev.modunest.server.key.Passphrase;
import dev.modunest.server.key.Pem;
import dev.modunest.server.trust.TrustDirectory;
import dev.modunest.server.trust.TrustFile;
import dev.modunest.server.x509.Authority;
import dev.modunest.server.x509.CertificateProfile;
import dev.modunest.server.x509.RegistryNames;
import dev.modunest.server.x509.SigningRequest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;

/**
 * The steps by which the keys and certificates of a registry come to be, {@code
 * docs/operations/trust.md}. Nothing that is there is written over but {@code trust.json}.
 */
public final class Ceremony {

    private static final Path OFFLINE_ROOT = Path.of("offline", "root-r1.pem");
    private static final Path ROOT_CERTIFICATE = Path.of("pki", "root-r1.crt");
    private static final int TUF_ROOTS = 5;
    private static final int TUF_TARGETS = 3;

    /**
     * For how long a key that another one follows is still believed: until all servers use that.
     */
    private static final Duration HANDOVER = Duration.ofDays(1);

    private final Path directory;
    private final Map<String, String> environment;
    private final Passphrase passphrase;
    private final InstantSource clock;

    /**
     * In that directory.
     *
     * @param environment has the passphrases that are named by variables
     * @param passphrase of the keys that are made, and of the root where it signs
     */
    public Ceremony(
            Path directory,
            Map<String, String> environment,
            Passphrase passphrase,
            InstantSource clock) {
        this.directory = directory;
        this.environment = Map.copyOf(environment);
        this.passphrase = passphrase;
        this.clock = clock;
    }

    /** Everything in one go, the offline keys in {@code offline/}: for a trial. */
    public void everything(String name) {
        root(name);
        for (Certified part :
                new Certified[] {new Certified.Issuing("i1"), new Certified.TimeStamping()}) {
            byte[] request = request(name, part, Optional.empty());
            install(part, certify(name, part, request), rootCertificate());
        }
        registry();
        log();
        tufOnline();
        tufOffline();
        revocations();
        trustedRoot();
    }

    /** The key of the root and its certificate; on a machine without a network. */
    public X509Certificate root(String name) {
        KeyPair pair = KeyPairSigner.generate(SignatureAlgorithm.ECDSA_P256);
        X509Certificate certificate =
                CertificateProfile.root(new RegistryNames(name), new KeyPairSigner(pair), now());
        keep(pair, OFFLINE_ROOT.toString());
        publish(ROOT_CERTIFICATE.toString(), certificate);
        return certificate;
    }

    /**
     * The key of a part, and the request for its certificate.
     *
     * @param key where the key is; empty: one is made
     * @return the request, DER
     */
    public byte[] request(String name, Certified part, Optional<String> key) {
        TrustFile file =
                TrustFile.find(directory).orElseGet(() -> TrustFile.create(directory, name));
        String place =
                key.orElseGet(
                        () ->
                                make(
                                        free("online/" + part.fileName()),
                                        SignatureAlgorithm.ECDSA_P256));
        ObjectNode entry = TrustFile.part(place, passphrase);
        pending(file).set(part.fileName(), entry);
        file.write();
        Signer signer =
                new KeyStorage(environment).open(KeyLocation.parse(place, directory), passphrase);
        return SigningRequest.write(part.fileName(), signer);
    }

    /** What waits for its certificate. */
    private static ObjectNode pending(TrustFile file) {
        return file.content().withObjectProperty("pending");
    }

    /**
     * The root certifies the key of a request; where the root is. Throws IllegalArgumentException.
     */
    public X509Certificate certify(String name, Certified part, byte[] request) {
        RegistryNames names = new RegistryNames(name);
        Authority root = rootAuthority();
        SigningRequest checked = SigningRequest.parse(request);
        return switch (part) {
            case Certified.Issuing(String id) ->
                    CertificateProfile.issuing(names, id, checked.key(), root, now());
            case Certified.TimeStamping _ ->
                    CertificateProfile.timeStamping(names, checked.key(), root, now());
        };
    }

    private Authority rootAuthority() {
        return new Authority(
                new KeyStorage(environment)
                        .open(new KeyLocation.PemFile(directory.resolve(OFFLINE_ROOT)), passphrase),
                rootCertificate());
    }

    /**
     * The root signs the next list of the authorities that are revoked, in the place of the one in
     * its directory; where the root is.
     *
     * @param compromised an authority whose key is in other hands since a time
     */
    public Path rootList(Optional<X509Certificate> compromised, Instant since) {
        Authority root = rootAuthority();
        compromised
                .filter(
                        authority ->
                                !authority
                                        .getIssuerX500Principal()
                                        .equals(root.certificate().getSubjectX500Principal()))
                .ifPresent(
                        other -> {
                            throw new IllegalArgumentException(
                                    other.getSubjectX500Principal() + " is not of this root");
                        });
        Path file = directory.resolve(TrustDirectory.ROOT_LIST);
        try {
            Optional<byte[]> before =
                    Files.exists(file) ? Optional.of(Files.readAllBytes(file)) : Optional.empty();
            byte[] list =
                    RootList.next(
                            root,
                            before,
                            compromised.map(
                                    authority -> new RootList.Compromised(authority, since)),
                            now());
            Path fresh = file.resolveSibling(file.getFileName() + ".new");
            Files.write(fresh, list);
            return Files.move(
                    fresh,
                    file,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException failed) {
            throw new UncheckedIOException(file + " cannot be written", failed);
        }
    }

    private X509Certificate rootCertificate() {
        return Pem.readCertificate(directory.resolve(ROOT_CERTIFICATE));
    }

    /**
     * Takes a certificate of the root into use, for the key that was made with the request. An
     * issuing authority that there was goes on to list its revocations.
     */
    public void install(Certified part, X509Certificate certificate, X509Certificate root) {
        TrustFile file = file();
        ObjectNode entry =
                Optional.ofNullable((ObjectNode) pending(file).remove(part.fileName()))
                        .orElseThrow(
                                () ->
                                        new IllegalArgumentException(
                                                "no key of "
                                                        + part.fileName()
                                                        + " waits for a certificate; begin with the request"));
        if (pending(file).isEmpty()) {
            file.content().remove("pending");
        }
        if (!Files.exists(directory.resolve(ROOT_CERTIFICATE))) {
            publish(ROOT_CERTIFICATE.toString(), root);
        }
        String published = free("pki/" + part.fileName(), ".crt");
        entry.put(TrustFile.CERTIFICATE, published);
        file.content()
                .withObjectProperty(TrustFile.ROOT)
                .put(TrustFile.CERTIFICATE, ROOT_CERTIFICATE.toString());
        switch (part) {
            case Certified.Issuing(String id) -> {
                file.content().withObjectProperty(TrustFile.AUTHORITIES).set(id, entry);
                file.content().put(TrustFile.ISSUES, id);
            }
            case Certified.TimeStamping _ -> {
                file.content().set(TrustFile.TIME_STAMPING, entry);
                list(file, TrustFile.TIME_STAMPING).put(TrustFile.CERTIFICATE, published);
            }
        }
        KeyStorage storage = new KeyStorage(environment);
        Signer signer =
                switch (part) {
                    case Certified.Issuing(String id) ->
                            file.signer(storage, TrustFile.AUTHORITIES, id);
                    case Certified.TimeStamping _ -> file.signer(storage, TrustFile.TIME_STAMPING);
                };
        Authority _ = new Authority(signer, certificate);
        publish(published, certificate);
        file.write();
    }

    /** A new key and certificate by which the registry signs, of the authority that issues. */
    public X509Certificate registry() {
        TrustFile file = file();
        RegistryNames names = new RegistryNames(file.name());
        String id = file.content().path(TrustFile.ISSUES).asText();
        Authority issuing =
                new Authority(
                        file.signer(new KeyStorage(environment), TrustFile.AUTHORITIES, id),
                        file.certificate(TrustFile.AUTHORITIES, id));
        KeyPair pair = KeyPairSigner.generate(SignatureAlgorithm.ECDSA_P256);
        X509Certificate certificate =
                CertificateProfile.registry(
                        names, id, new KeyPairSigner(pair).key(), issuing, now());
        String key = free("online/registry", ".pem");
        String published = key.replace(".pem", ".crt");
        keep(pair, key);
        publish(published, certificate);
        file.content()
                .set(
                        TrustFile.REGISTRY,
                        TrustFile.part(key, passphrase).put(TrustFile.CERTIFICATE, published));
        file.write();
        return certificate;
    }

    /** The keys of a shard of the log, which is one year's. */
    public void log() {
        TrustFile file = file();
        ObjectNode log = file.content().objectNode();
        String origin = file.name() + "/log/" + now().atZone(ZoneOffset.UTC).getYear();
        log.put("origin", origin);
        log.set("ed25519", made("online/log-ed25519", SignatureAlgorithm.ED25519));
        log.set("ecdsa", made("online/log-ecdsa", SignatureAlgorithm.ECDSA_P256));
        log.set("ml_dsa_44", made("online/log-mldsa44", SignatureAlgorithm.ML_DSA_44));
        file.content().set(TrustFile.LOG, log);
        KeyStorage storage = new KeyStorage(environment);
        Signer ecdsa = file.signer(storage, TrustFile.LOG, "ecdsa");
        Signer ed25519 = file.signer(storage, TrustFile.LOG, "ed25519");
        list(file, TrustFile.LOG)
                .put("origin", origin)
                .put("ecdsa", ecdsa.key().spki())
                .put("ed25519", ed25519.key().spki());
        file.write();
    }

    /** The online keys of TUF. */
    public void tufOnline() {
        TrustFile file = file();
        ObjectNode tuf = file.content().objectNode();
        for (String role : new String[] {"snapshot", "timestamp", "bins"}) {
            tuf.set(role, made("online/tuf-" + role, SignatureAlgorithm.ED25519));
        }
        file.content().set(TrustFile.TUF, tuf);
        file.write();
    }

    /** The offline keys of TUF, one file for each holder. */
    public void tufOffline() {
        for (int holder = 1; holder <= TUF_ROOTS; holder++) {
            String _ = make("offline/tuf-root-" + holder + ".pem", SignatureAlgorithm.ED25519);
        }
        for (int holder = 1; holder <= TUF_TARGETS; holder++) {
            String _ = make("offline/tuf-targets-" + holder + ".pem", SignatureAlgorithm.ED25519);
        }
    }

    /** The key of the TUF role that revokes; on the machine that has that role. */
    public void revocations() {
        TrustFile file = file();
        file.content()
                .set(
                        TrustFile.REVOCATIONS,
                        made("revocations/tuf-revocations", SignatureAlgorithm.ED25519));
        file.write();
    }

    /**
     * Writes {@code trusted_root.json} anew, all that verifiers may believe, and the {@code
     * policy.json} by which this version of the registry checks releases: both are targets of TUF.
     */
    public Path trustedRoot() {
        Path policy = directory.resolve(Layout.POLICY);
        try {
            Files.write(policy, CheckPolicy.document());
        } catch (IOException failed) {
            throw new UncheckedIOException(policy + " cannot be written", failed);
        }
        return new TrustRoot(file()).write();
    }

    private ObjectNode made(String stem, SignatureAlgorithm algorithm) {
        return TrustFile.part(make(free(stem), algorithm), passphrase);
    }

    private String make(String place, SignatureAlgorithm algorithm) {
        keep(KeyPairSigner.generate(algorithm), place);
        return place;
    }

    private void keep(KeyPair pair, String place) {
        KeyFiles.writePem(directory.resolve(place), pair, passphrase.read(environment));
    }

    private void publish(String place, X509Certificate certificate) {
        OwnFiles.create(
                directory.resolve(place),
                Pem.text(certificate).getBytes(StandardCharsets.US_ASCII));
    }

    private String free(String stem) {
        return free(stem, ".pem");
    }

    /** The stem, or with the next number when there is one already. */
    private String free(String stem, String ending) {
        String place = stem + ending;
        for (int next = 2; Files.exists(directory.resolve(place)); next++) {
            place = stem + "-" + next + ending;
        }
        return place;
    }

    /** A new entry of what verifiers are told; the one before it ends with the handover. */
    private ObjectNode list(TrustFile file, String kind) {
        var listed = file.content().withObjectProperty(TrustFile.LISTED).withArrayProperty(kind);
        if (!listed.isEmpty()) {
            ((ObjectNode) listed.get(listed.size() - 1))
                    .put("until", now().plus(HANDOVER).toString());
        }
        return listed.addObject().put("from", now().minus(Duration.ofMinutes(1)).toString());
    }

    private TrustFile file() {
        return TrustFile.find(directory)
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        directory
                                                + " has no trust.json; begin with the issuing authority"));
    }

    private Instant now() {
        return clock.instant().truncatedTo(java.time.temporal.ChronoUnit.SECONDS);
    }
}
