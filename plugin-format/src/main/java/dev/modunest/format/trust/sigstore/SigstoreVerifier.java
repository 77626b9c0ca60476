package dev.modunest.format.trust.sigstore;

import com.fasterxml.jackson.databind.JsonNode;

import dev.modunest.format.Digest;
import dev.modunest.format.StrictJson;
import dev.modunest.format.trust.bundle.TlogEntry;
import dev.modunest.format.trust.json.Octets;
import dev.modunest.format.trust.root.TransparencyLog;
import dev.modunest.format.trust.root.TrustedRoot;
import dev.modunest.format.trust.stamp.TimeStampAuthority;
import dev.modunest.format.trust.stamp.TimeStampToken;
import dev.modunest.format.trust.statement.DsseEnvelope;
import dev.modunest.format.trust.x509.AuthorityChain;
import dev.modunest.format.trust.x509.Certificate;
import dev.modunest.format.trust.x509.GeneralName;
import dev.modunest.format.trust.x509.Oids;
import dev.modunest.format.trust.x509.SignatureMethod;
import dev.modunest.format.trust.x509.SubjectKey;

import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * Verifies a Sigstore bundle as Sigstore's client specification says: who signed, by a certificate
 * of Fulcio or a key that is given; when, by a log's promise or a time stamp; and that it is
 * logged.
 */
public final class SigstoreVerifier {

    private static final String IN_TOTO = DsseEnvelope.IN_TOTO;
    private static final String STATEMENT_TYPE = "https://in-toto.io/Statement/";

    private final TrustedRoot root;

    public SigstoreVerifier(TrustedRoot root) {
        this.root = root;
    }

    /** Who must have signed. */
    public sealed interface Signer {

        /** The holder of a certificate with this SubjectAltName and this issuer. */
        record Identity(String name, String issuer) implements Signer {}

        /** The holder of a key, as PEM. */
        record Key(String pem) implements Signer {}
    }

    /** The bytes that are signed, or their hash when they are not at hand. */
    public record Artifact(Digest digest, Optional<Octets> content) {}

    /** Leaves a check that failed. */
    private static final class Failure extends Exception {

        private static final long serialVersionUID = 1L;

        Failure(String reason) {
            super(reason, null, false, false);
        }
    }

    /** Why the bundle is not good; empty when it is. */
    public Optional<String> faultOf(byte[] json, Artifact artifact, Signer signer) {
        try {
            check(SigstoreBundle.parse(json), artifact, signer);
            return Optional.empty();
        } catch (Failure | IllegalArgumentException fault) {
            return Optional.of(String.valueOf(fault.getMessage()));
        }
    }

    private void check(SigstoreBundle bundle, Artifact artifact, Signer signer) throws Failure {
        SubjectKey subject =
                switch (signer) {
                    case Signer.Identity identity -> {
                        Certificate certificate =
                                bundle.certificate()
                                        .orElseThrow(() -> new Failure("there is no certificate"));
                        requireIdentity(certificate, identity);
                        yield certificate.key();
                    }
                    case Signer.Key key -> {
                        if (bundle.certificate().isPresent()) {
                            throw new Failure("the bundle has a certificate, and a key is given");
                        }
                        yield SubjectKey.parse(PublicKeyPem.parse(key.pem()));
                    }
                };
        PublicKey key =
                subject.publicKey().orElseThrow(() -> new Failure("the key cannot be read"));
        List<Instant> stamped = stamps(bundle);
        List<Instant> times = checkLog(bundle, artifact, subject.spki(), stamped);
        times.addAll(stamped);
        if (times.isEmpty() && bundle.certificate().isPresent()) {
            throw new Failure("nothing proves when the signature was made");
        }
        if (bundle.certificate().isPresent()) {
            requireChain(bundle.certificate().get(), times);
        }
        checkSignature(bundle.content(), artifact, key);
    }

    private static void requireIdentity(Certificate certificate, Signer.Identity identity)
            throws Failure {
        boolean named =
                certificate.names().stream()
                        .anyMatch(
                                name ->
                                        switch (name) {
                                            case GeneralName.Uri(String uri) ->
                                                    uri.equals(identity.name());
                                            case GeneralName.Email(String address) ->
                                                    address.equals(identity.name());
                                            case GeneralName.Dns _,
                                                    GeneralName.Directory _,
                                                    GeneralName.Ip _,
                                                    GeneralName.Other _ ->
                                                    false;
                                        });
        Optional<String> issuer =
                certificate
                        .extension(Oids.OIDC_ISSUER)
                        .map(extension -> extension.value().utf8())
                        .or(
                                () ->
                                        certificate
                                                .extension(Oids.OIDC_ISSUER_V1)
                                                .map(
                                                        extension ->
                                                                new String(
                                                                        extension.octets().octets(),
                                                                        StandardCharsets.UTF_8)));
        if (!named || !issuer.equals(Optional.of(identity.issuer()))) {
            throw new Failure("the certificate is of somebody else");
        }
    }

    private void requireChain(Certificate certificate, List<Instant> times) throws Failure {
        String fault = "the certificate is of a CA that is not trusted";
        for (AuthorityChain chain : root.authorities()) {
            if (!chain.isNamedBy(certificate)) {
                continue;
            }
            Optional<String> found = Optional.empty();
            for (Instant time : times) {
                found = found.or(() -> chain.faultOf(certificate, time, Oids.CODE_SIGNING));
            }
            if (found.isEmpty()
                    && !root.certificateLogs().isEmpty()
                    && !CertificateTimestamps.isLogged(
                            certificate, chain.issuing(), root.certificateLogs())) {
                found = Optional.of("no trusted log has the certificate");
            }
            if (found.isEmpty()) {
                return;
            }
            fault = found.get();
        }
        throw new Failure(fault);
    }

    /**
     * The times that logs promise. Every entry must be right; with a certificate one must be there.
     */
    private List<Instant> checkLog(
            SigstoreBundle bundle, Artifact artifact, byte[] spki, List<Instant> stamped)
            throws Failure {
        List<Instant> times = new ArrayList<>();
        if (bundle.entries().isEmpty() && bundle.certificate().isPresent()) {
            throw new Failure("the bundle has no entry of a log");
        }
        for (TlogEntry entry : bundle.entries()) {
            Optional<String> another =
                    new EntryBody(
                                    entry,
                                    bundle.content().signature().bytes(),
                                    bundle.certificate(),
                                    spki)
                            .faultFor(bundle.content(), artifact.digest());
            if (another.isPresent()) {
                throw new Failure(another.get());
            }
            checkEntry(
                    entry,
                    bundle.version(),
                    entry.integratedTime() > 0 ? List.of(entry.time()) : stamped);
            if (entry.promise().isPresent()) {
                times.add(entry.time());
            }
        }
        return times;
    }

    private void checkEntry(TlogEntry entry, int version, List<Instant> times) throws Failure {
        if (entry.proof().isEmpty() && (version > 1 || entry.promise().isEmpty())) {
            throw new Failure("an entry of the log has no proof");
        }
        String fault = "an entry is of a log that is not trusted";
        for (TransparencyLog log : root.logs()) {
            if (!log.logId().equals(entry.logId())) {
                continue;
            }
            Optional<String> found = Optional.empty();
            if (!times.stream().allMatch(log.validFor()::contains)) {
                found = Optional.of("the log is not trusted at " + times);
            }
            if (found.isEmpty() && entry.proof().isPresent()) {
                found = log.faultOfProof(entry);
            }
            if (found.isEmpty() && entry.promise().isPresent()) {
                found = log.faultOfPromise(entry);
            }
            if (found.isEmpty()) {
                return;
            }
            fault = found.get();
        }
        throw new Failure(fault);
    }

    private List<Instant> stamps(SigstoreBundle bundle) throws Failure {
        List<Instant> times = new ArrayList<>();
        for (Octets stamp : bundle.timeStamps()) {
            TimeStampToken token = TimeStampToken.parse(stamp.bytes());
            String fault = "a time stamp is of nobody who is trusted";
            boolean right = false;
            for (TimeStampAuthority authority : root.timeStampAuthorities()) {
                if (!right && authority.signerOf(token).isPresent()) {
                    Optional<String> found =
                            authority.faultOf(token, bundle.content().signature().bytes());
                    right = found.isEmpty();
                    fault = found.orElse(fault);
                }
            }
            if (!right) {
                throw new Failure(fault);
            }
            times.add(token.info().time());
        }
        return times;
    }

    private static void checkSignature(
            SigstoreBundle.Content content, Artifact artifact, PublicKey key) throws Failure {
        SignatureMethod method =
                SignatureMethod.usual(key).orElseThrow(() -> new Failure("a key of another kind"));
        byte[] signature = content.signature().bytes();
        boolean right =
                switch (content) {
                    case SigstoreBundle.Content.Message message -> {
                        byte[] digest = HexFormat.of().parseHex(artifact.digest().hex());
                        if (!message.digest().map(Octets.of(digest)::equals).orElse(true)) {
                            throw new Failure("the bundle is of another artifact");
                        }
                        yield artifact.content().isPresent()
                                ? method.verify(key, artifact.content().get().bytes(), signature)
                                : method.verifyDigest(key, digest, signature);
                    }
                    case SigstoreBundle.Content.Envelope envelope -> {
                        requireSubject(envelope, artifact.digest());
                        yield method.verify(
                                key,
                                DsseEnvelope.pae(
                                        envelope.payloadType(), envelope.payload().bytes()),
                                signature);
                    }
                };
        if (!right) {
            throw new Failure("the signature is wrong");
        }
    }

    private static void requireSubject(SigstoreBundle.Content.Envelope envelope, Digest artifact)
            throws Failure {
        if (!envelope.payloadType().equals(IN_TOTO)) {
            throw new Failure("the envelope holds no in-toto statement");
        }
        JsonNode statement = StrictJson.object(envelope.payload().bytes());
        String type = statement.path("_type").asText();
        if (!type.equals(STATEMENT_TYPE + "v1") && !type.equals(STATEMENT_TYPE + "v0.1")) {
            throw new Failure("the statement is of an unknown type");
        }
        for (JsonNode subject : statement.path("subject")) {
            if (subject.at("/digest/sha256").asText().equals(artifact.hex())) {
                return;
            }
        }
        throw new Failure("the statement is of another artifact");
    }
}
