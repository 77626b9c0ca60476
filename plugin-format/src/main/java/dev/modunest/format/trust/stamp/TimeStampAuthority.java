package dev.modunest.format.trust.stamp;

import dev.modunest.format.trust.x509.AuthorityChain;
import dev.modunest.format.trust.x509.Certificate;
import dev.modunest.format.trust.x509.Oids;
import dev.modunest.format.trust.x509.PathRules;
import dev.modunest.format.trust.x509.Validity;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Who is trusted to tell the time: a certificate for time stamps alone, with the CAs above it, or
 * the CAs of such certificates (RFC 3161 2.3). Immutable.
 */
public final class TimeStampAuthority {

    private static final List<String> TIME_STAMPING = List.of(Oids.TIME_STAMPING);

    private final List<Certificate> certificates;
    private final Optional<Certificate> signer;
    private final AuthorityChain chain;

    /**
     * An authority as a trust root lists it, the signer first when it is listed.
     *
     * @throws IllegalArgumentException when there are no CAs
     */
    public TimeStampAuthority(List<Certificate> certificates, Validity validFor, PathRules rules) {
        this.certificates = List.copyOf(certificates);
        this.signer = certificates.stream().findFirst().filter(first -> !first.isCa());
        this.chain =
                new AuthorityChain(
                        certificates.subList(signer.isPresent() ? 1 : 0, certificates.size()),
                        validFor,
                        rules);
    }

    public List<Certificate> certificates() {
        return certificates;
    }

    public Validity validFor() {
        return chain.validFor();
    }

    /** The certificate of who signed the token, trusted or not; empty when it is unknown. */
    public Optional<Certificate> signerOf(TimeStampToken token) {
        return signer.filter(token::isNamed)
                .or(
                        () ->
                                signer.isPresent()
                                        ? Optional.empty()
                                        : token.certificates().stream()
                                                .filter(token::isNamed)
                                                .filter(chain::isNamedBy)
                                                .findFirst());
    }

    /** Why the token does not prove its time for {@code message}; empty when it does. */
    public Optional<String> faultOf(TimeStampToken token, byte[] message) {
        Optional<Certificate> found = signerOf(token);
        if (found.isEmpty()) {
            return Optional.of("the time stamp is of an authority that is not trusted");
        }
        Certificate certificate = found.get();
        if (!certificate.purposes().equals(Optional.of(TIME_STAMPING))
                || !certificate.isCritical(Oids.EXTENDED_KEY_USAGE)) {
            return Optional.of(
                    "the certificate of the time stamp is not for time stamps alone, critically");
        }
        if (!knows(token.certificates(), certificate)) {
            return Optional.of("the time stamp has certificates that are not its authority's");
        }
        return token.faultOver(message)
                .or(() -> token.faultBy(certificate))
                .or(() -> faultAt(token, certificate));
    }

    private boolean knows(List<Certificate> sent, Certificate certificate) {
        Set<Certificate> known = new HashSet<>(certificates);
        known.add(certificate);
        return known.containsAll(sent);
    }

    private Optional<String> faultAt(TimeStampToken token, Certificate certificate) {
        return chain.faultOf(certificate, token.info().time(), Oids.TIME_STAMPING);
    }
}
