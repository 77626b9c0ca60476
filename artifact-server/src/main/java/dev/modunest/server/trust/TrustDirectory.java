package dev.modunest.server.trust;

import static dev.modunest.format.sign.SignatureAlgorithm.ECDSA_P256;
import static dev.modunest.format.sign.SignatureAlgorithm.ED25519;
import static dev.modunest.format.sign.SignatureAlgorithm.ML_DSA_44;

import dev.modunest.format.sign.Signer;
import dev.modunest.format.trust.x509.Certificate;
import dev.modunest.format.trust.x509.RevocationList;
import dev.modunest.server.key.KeyStorage;
import dev.modunest.server.x509.Authority;
import dev.modunest.server.x509.RegistryNames;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The keys and certificates of a registry, checked as a whole when they are read: what one server
 * signs with. Immutable.
 *
 * @param registry signs summaries of verification and acts of the registry
 * @param timeStamping signs time stamps
 * @param authorities that certified publishers and still list revocations, the one that certifies
 *     now among them
 * @param issuing the one that certifies now
 * @param revocations signs the TUF role of that name; empty where its key is on another machine
 */
public record TrustDirectory(
        Path directory,
        RegistryNames names,
        X509Certificate root,
        Authority registry,
        Authority timeStamping,
        List<IssuingAuthority> authorities,
        IssuingAuthority issuing,
        LogSigners log,
        TufSigners tuf,
        Optional<Signer> revocations) {

    /** The list of the root, where there is one. */
    public static final String ROOT_LIST = "pki/root-r1.crl";

    public TrustDirectory {
        authorities = List.copyOf(authorities);
    }

    /**
     * Reads the directory.
     *
     * @param name that it has to be for
     * @param environment has the passphrases that the directory names variables for
     * @throws TrustException with every fault
     */
    public static TrustDirectory open(
            Path directory, String name, Map<String, String> environment, Instant now) {
        TrustFile file = file(directory);
        DirectoryReader reader = new DirectoryReader(file, new KeyStorage(environment), now);
        Optional<String> named = reader.text("name").filter(own -> isFor(reader, own, name));
        Optional<X509Certificate> root = reader.certificate(TrustFile.ROOT);
        Optional<Authority> tsa = reader.certified(root, TrustFile.TIME_STAMPING);
        List<IssuingAuthority> authorities = authorities(file, reader, root);
        Optional<IssuingAuthority> issuing =
                reader.text(TrustFile.ISSUES).flatMap(id -> find(reader, authorities, id));
        Optional<Authority> registry = registry(reader, authorities);
        Optional<LogSigners> log = log(reader);
        Optional<TufSigners> tuf = tuf(reader);
        Optional<Signer> revocations =
                reader.has(TrustFile.REVOCATIONS)
                        ? reader.signer(ED25519, TrustFile.REVOCATIONS)
                        : Optional.empty();
        if (!reader.faults().isEmpty()) {
            throw new TrustException(directory.toString(), reader.faults());
        }
        return new TrustDirectory(
                directory,
                new RegistryNames(named.orElseThrow()),
                root.orElseThrow(),
                registry.orElseThrow(),
                tsa.orElseThrow(),
                authorities,
                issuing.orElseThrow(),
                log.orElseThrow(),
                tuf.orElseThrow(),
                revocations);
    }

    private static TrustFile file(Path directory) {
        try {
            return TrustFile.find(directory)
                    .orElseThrow(
                            () ->
                                    new TrustException(
                                            directory.toString(),
                                            List.of(
                                                    "there is no trust.json; make the keys with ./modunest ceremony init --dir "
                                                            + directory
                                                            + " --name HOST, or set trust.evaluation for a trial")));
        } catch (IllegalArgumentException malformed) {
            throw new TrustException(
                    directory.toString(), List.of("trust.json: " + malformed.getMessage()));
        }
    }

    private static boolean isFor(DirectoryReader reader, String own, String wanted) {
        if (!own.equals(wanted)) {
            reader.fault("it is for " + own + ", and trust.name is " + wanted);
        }
        return true;
    }

    private static List<IssuingAuthority> authorities(
            TrustFile file, DirectoryReader reader, Optional<X509Certificate> root) {
        List<IssuingAuthority> authorities = new ArrayList<>();
        for (String id : file.authorities()) {
            if (reader.isOver(TrustFile.AUTHORITIES, id)) {
                continue;
            }
            reader.certified(root, TrustFile.AUTHORITIES, id)
                    .ifPresent(authority -> authorities.add(new IssuingAuthority(id, authority)));
        }
        return authorities;
    }

    private static Optional<IssuingAuthority> find(
            DirectoryReader reader, List<IssuingAuthority> authorities, String id) {
        Optional<IssuingAuthority> found =
                authorities.stream().filter(one -> one.id().equals(id)).findFirst();
        if (found.isEmpty()) {
            reader.fault("issues: the authority " + id + " cannot be used");
        }
        return found;
    }

    /** Its certificate may be of any of the authorities. */
    private static Optional<Authority> registry(
            DirectoryReader reader, List<IssuingAuthority> authorities) {
        Optional<X509Certificate> certificate = reader.certificate(TrustFile.REGISTRY);
        Optional<X509Certificate> issuer =
                authorities.stream()
                        .map(one -> one.authority().certificate())
                        .filter(
                                authority ->
                                        certificate
                                                .filter(
                                                        own ->
                                                                own.getIssuerX500Principal()
                                                                        .equals(
                                                                                authority
                                                                                        .getSubjectX500Principal()))
                                                .isPresent())
                        .findFirst();
        if (certificate.isPresent() && issuer.isEmpty()) {
            reader.fault("registry: the certificate is of none of the authorities");
        }
        return issuer.isPresent() ? reader.certified(issuer, TrustFile.REGISTRY) : Optional.empty();
    }

    private static Optional<LogSigners> log(DirectoryReader reader) {
        Optional<String> origin = reader.text("origin", TrustFile.LOG);
        Optional<Signer> ed25519 = reader.signer(ED25519, TrustFile.LOG, "ed25519");
        Optional<Signer> ecdsa = reader.signer(ECDSA_P256, TrustFile.LOG, "ecdsa");
        Optional<Signer> mlDsa44 = reader.signer(ML_DSA_44, TrustFile.LOG, "ml_dsa_44");
        boolean whole =
                origin.isPresent()
                        && ed25519.isPresent()
                        && ecdsa.isPresent()
                        && mlDsa44.isPresent();
        return whole
                ? Optional.of(
                        new LogSigners(origin.get(), ed25519.get(), ecdsa.get(), mlDsa44.get()))
                : Optional.empty();
    }

    private static Optional<TufSigners> tuf(DirectoryReader reader) {
        Optional<Signer> snapshot = reader.signer(ED25519, TrustFile.TUF, "snapshot");
        Optional<Signer> timestamp = reader.signer(ED25519, TrustFile.TUF, "timestamp");
        Optional<Signer> bins = reader.signer(ED25519, TrustFile.TUF, "bins");
        return snapshot.isPresent() && timestamp.isPresent() && bins.isPresent()
                ? Optional.of(new TufSigners(snapshot.get(), timestamp.get(), bins.get()))
                : Optional.empty();
    }

    /** Those above the registry's own certificate, up to the root. */
    public List<X509Certificate> chainOf(Authority authority) {
        List<X509Certificate> chain = new ArrayList<>();
        authorities.stream()
                .map(one -> one.authority().certificate())
                .filter(
                        one ->
                                one.getSubjectX500Principal()
                                        .equals(authority.certificate().getIssuerX500Principal()))
                .findFirst()
                .ifPresent(chain::add);
        chain.add(root);
        return List.copyOf(chain);
    }

    /**
     * The list of revoked authorities that the root signed, as it is in the directory now, DER.
     *
     * @throws IllegalStateException when it is not of the root
     */
    public Optional<byte[]> rootList() {
        try {
            byte[] list = Files.readAllBytes(file(ROOT_LIST));
            Optional<String> fault =
                    RevocationList.parse(list).faultBy(Certificate.parse(root.getEncoded()));
            if (fault.isPresent()) {
                throw new IllegalStateException(ROOT_LIST + ": " + fault.get());
            }
            return Optional.of(list);
        } catch (NoSuchFileException none) {
            return Optional.empty();
        } catch (IOException | CertificateEncodingException | IllegalArgumentException unusable) {
            throw new IllegalStateException(ROOT_LIST + " cannot be used", unusable);
        }
    }

    /** When each certificate ends, by what it is for. */
    public Map<String, Instant> certificateEnds() {
        Map<String, Instant> ends = new TreeMap<>();
        ends.put("root", root.getNotAfter().toInstant());
        ends.put("registry", registry.certificate().getNotAfter().toInstant());
        ends.put("tsa", timeStamping.certificate().getNotAfter().toInstant());
        authorities.forEach(
                one ->
                        ends.put(
                                "issuing-" + one.id(),
                                one.authority().certificate().getNotAfter().toInstant()));
        return ends;
    }

    /** A file of the directory, {@code trusted_root.json}. */
    public Path file(String name) {
        return directory.resolve(name);
    }
}
