package dev.modunest.format.trust.x509;

import dev.modunest.format.trust.der.DerSequence;
import dev.modunest.format.trust.der.DerTime;
import dev.modunest.format.trust.der.DerValue;
import dev.modunest.format.trust.der.Tag;

import java.math.BigInteger;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A full revocation list of version 2 (RFC 5280 5), in DER, with the time until which it is
 * current. Lists of parts, deltas and indirect lists are refused. Immutable.
 */
public final class RevocationList {

    private static final int MAX_BYTES = 16 << 20;
    private static final String CRL_NUMBER = "2.5.29.20";
    private static final String REASON = "2.5.29.21";
    private static final String INVALIDITY_DATE = "2.5.29.24";

    private final DerValue tbs;
    private final DerValue signatureAlgorithm;
    private final byte[] signature;
    private final DistinguishedName issuer;
    private final Validity validity;
    private final Map<BigInteger, Revocation> entries = new HashMap<>();
    private final Map<String, Extension> extensions;
    private final BigInteger number;
    private final Optional<AuthorityKeyId> authorityKeyId;

    private RevocationList(byte[] der) {
        DerSequence parts = DerValue.parse(der).members(Tag.SEQUENCE);
        this.tbs = parts.next();
        this.signatureAlgorithm = parts.next();
        this.signature = parts.next().bitOctets();
        parts.end();
        DerSequence fields = tbs.members(Tag.SEQUENCE);
        if (fields.next().smallInteger() != 1) {
            throw new IllegalArgumentException("a revocation list is not of version 2");
        }
        if (!fields.next().equals(signatureAlgorithm)) {
            throw new IllegalArgumentException(
                    "a revocation list names two different signature algorithms");
        }
        this.issuer = DistinguishedName.parse(fields.next());
        this.validity =
                Validity.of(
                        DerTime.ofCertificate(fields.next()), DerTime.ofCertificate(fields.next()));
        fields.nextIf(Tag.SEQUENCE).ifPresent(this::readEntries);
        DerValue tagged = fields.next();
        fields.end();
        this.extensions = Extension.parseAll(tagged.inside(Tag.constructed(0)));
        Extension numbered = extensions.get(CRL_NUMBER);
        if (numbered == null || numbered.critical()) {
            throw new IllegalArgumentException("a revocation list has no number");
        }
        this.number = numbered.value().integer();
        this.authorityKeyId =
                Optional.ofNullable(extensions.get(Oids.AUTHORITY_KEY_ID))
                        .map(AuthorityKeyId::parse);
    }

    /**
     * Parses DER of at most 16 MiB.
     *
     * @throws IllegalArgumentException when it is malformed
     */
    public static RevocationList parse(byte[] der) {
        if (der.length > MAX_BYTES) {
            throw new IllegalArgumentException("a revocation list has more than 16 MiB");
        }
        return new RevocationList(der);
    }

    private void readEntries(DerValue list) {
        for (DerSequence all = list.members(Tag.SEQUENCE); all.hasNext(); ) {
            Revocation entry = readEntry(all.next());
            if (entries.put(entry.serial(), entry) != null) {
                throw new IllegalArgumentException("a serial number is revoked twice");
            }
        }
        if (entries.isEmpty()) {
            throw new IllegalArgumentException("a list of no revocations is written out");
        }
    }

    private static Revocation readEntry(DerValue value) {
        DerSequence fields = value.members(Tag.SEQUENCE);
        BigInteger serial = fields.next().integer();
        Instant time = DerTime.ofCertificate(fields.next());
        Map<String, Extension> extensions =
                fields.hasNext() ? Extension.parseAll(fields.next()) : Map.of();
        fields.end();
        for (Extension extension : extensions.values()) {
            boolean known =
                    extension.oid().equals(REASON) || extension.oid().equals(INVALIDITY_DATE);
            if (extension.critical() && !known) {
                throw new IllegalArgumentException(
                        "a revocation has an unknown critical extension " + extension.oid());
            }
        }
        return new Revocation(
                serial,
                time,
                Optional.ofNullable(extensions.get(REASON))
                        .map(RevocationList::reason)
                        .orElse(RevocationReason.UNSPECIFIED),
                Optional.ofNullable(extensions.get(INVALIDITY_DATE))
                        .map(extension -> DerTime.generalized(extension.value())));
    }

    private static RevocationReason reason(Extension extension) {
        DerValue value = extension.value();
        if (!value.is(Tag.ENUMERATED) || value.length() != 1) {
            throw new IllegalArgumentException("a CRLReason is malformed");
        }
        return RevocationReason.of(value.content()[0]);
    }

    public DistinguishedName issuer() {
        return issuer;
    }

    /** From thisUpdate to nextUpdate. */
    public Validity validity() {
        return validity;
    }

    public BigInteger number() {
        return number;
    }

    public Optional<Revocation> find(BigInteger serial) {
        return Optional.ofNullable(entries.get(serial));
    }

    public int size() {
        return entries.size();
    }

    Optional<Extension> extension(String oid) {
        return Optional.ofNullable(extensions.get(oid));
    }

    /** Why the list is not one that {@code ca} made; empty when it is. */
    public Optional<String> faultBy(Certificate ca) {
        return faultBy(ca, Set.of());
    }

    /** The same for a reader of more critical extensions. */
    Optional<String> faultBy(Certificate ca, Set<String> understood) {
        if (!issuer.equals(ca.subject())) {
            return Optional.of("the revocation list is of another issuer");
        }
        // A CA must have a KeyUsage where the rules of its path say so (6.3.3 f).
        if (!ca.keyUsage().map(KeyUsage::crlSign).orElse(true)) {
            return Optional.of("the " + ca + " may not sign revocation lists");
        }
        Optional<byte[]> key = authorityKeyId.flatMap(AuthorityKeyId::keyId);
        if (key.isEmpty()
                || !ca.subjectKeyId().map(id -> Arrays.equals(id, key.get())).orElse(false)) {
            return Optional.of("the revocation list names another key than the CA's");
        }
        Optional<String> unknown =
                extensions.values().stream()
                        .filter(e -> e.critical() && !understood.contains(e.oid()))
                        .map(e -> "the revocation list has a critical extension " + e.oid())
                        .findFirst();
        if (unknown.isPresent()) {
            return unknown;
        }
        boolean signed =
                SignatureMethod.of(signatureAlgorithm)
                        .flatMap(
                                method ->
                                        ca.key()
                                                .publicKey()
                                                .map(
                                                        k ->
                                                                method.verify(
                                                                        k,
                                                                        tbs.encoded(),
                                                                        signature)))
                        .orElse(false);
        return signed
                ? Optional.empty()
                : Optional.of("the revocation list is not signed by the CA's key");
    }
}
