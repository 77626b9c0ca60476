package dev.modunest.server.timestamp;

import dev.modunest.server.trust.TrustDirectory;
import dev.modunest.server.x509.Authority;
import dev.modunest.server.x509.SignerContent;

import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.cmp.PKIFailureInfo;
import org.bouncycastle.asn1.cmp.PKIStatus;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaCertStore;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.cms.SignerInfoGeneratorBuilder;
import org.bouncycastle.operator.DigestCalculatorProvider;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.bc.BcDigestCalculatorProvider;
import org.bouncycastle.tsp.TSPException;
import org.bouncycastle.tsp.TimeStampRequest;
import org.bouncycastle.tsp.TimeStampRequestGenerator;
import org.bouncycastle.tsp.TimeStampResponse;
import org.bouncycastle.tsp.TimeStampResponseGenerator;
import org.bouncycastle.tsp.TimeStampTokenGenerator;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Set;

/**
 * Says when something was there: RFC 3161 tokens over SHA-256, SHA-384 and SHA-512, to the second,
 * with an ESSCertIDv2 (RFC 5816). Thread-safe.
 */
public final class TimeStamping {

    private static final Set<ASN1ObjectIdentifier> DIGESTS =
            Set.of(
                    NISTObjectIdentifiers.id_sha256,
                    NISTObjectIdentifiers.id_sha384,
                    NISTObjectIdentifiers.id_sha512);

    private static final int SERIAL_BITS = 127;

    private final Authority authority;
    private final List<X509Certificate> chain;
    private final ASN1ObjectIdentifier policy;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();

    /**
     * Ready for use.
     *
     * @param policy that tokens name, an object identifier
     */
    public TimeStamping(TrustDirectory trust, String policy, InstantSource clock) {
        this.authority = trust.timeStamping();
        this.chain = new ArrayList<>(List.of(authority.certificate()));
        this.chain.addAll(trust.chainOf(authority));
        this.policy = new ASN1ObjectIdentifier(policy);
        this.clock = clock;
    }

    /**
     * A TimeStampResp over the SHA-256 of {@code signature}, DER, with the certificates in it: what
     * a Sigstore bundle has.
     */
    public byte[] stamp(byte[] signature) {
        try {
            TimeStampRequestGenerator request = new TimeStampRequestGenerator();
            request.setCertReq(true);
            byte[] imprint = MessageDigest.getInstance("SHA-256").digest(signature);
            return answer(request.generate(NISTObjectIdentifiers.id_sha256, imprint)).getEncoded();
        } catch (GeneralSecurityException | IOException impossible) {
            throw new IllegalStateException("the JDK has SHA-256", impossible);
        }
    }

    /** The answer to a request, both DER; what cannot be stamped is rejected by its status. */
    public byte[] answer(byte[] request) {
        try {
            return parseAndAnswer(request).getEncoded();
        } catch (IOException impossible) {
            throw new IllegalStateException("the answer is encoded in memory", impossible);
        }
    }

    private TimeStampResponse parseAndAnswer(byte[] request) {
        TimeStampRequest parsed;
        try {
            parsed = new TimeStampRequest(request);
        } catch (IOException | IllegalArgumentException | ClassCastException malformed) {
            return rejected();
        }
        return answer(parsed);
    }

    private TimeStampResponse answer(TimeStampRequest request) {
        try {
            return generator()
                    .generate(
                            request,
                            new BigInteger(SERIAL_BITS, random).setBit(SERIAL_BITS - 1),
                            Date.from(clock.instant()));
        } catch (TSPException failed) {
            throw new IllegalStateException("no time stamp could be made", failed);
        }
    }

    private TimeStampResponse rejected() {
        try {
            return generator()
                    .generateFailResponse(
                            PKIStatus.REJECTION,
                            PKIFailureInfo.badDataFormat,
                            "no TimeStampReq of RFC 3161 2.4.1");
        } catch (TSPException impossible) {
            throw new IllegalStateException("a rejection is always made", impossible);
        }
    }

    private TimeStampResponseGenerator generator() {
        try {
            DigestCalculatorProvider digests = new BcDigestCalculatorProvider();
            X509CertificateHolder certificate =
                    new JcaX509CertificateHolder(authority.certificate());
            TimeStampTokenGenerator tokens =
                    new TimeStampTokenGenerator(
                            new SignerInfoGeneratorBuilder(digests)
                                    .build(new SignerContent(authority.signer()), certificate),
                            digests.get(new AlgorithmIdentifier(NISTObjectIdentifiers.id_sha256)),
                            policy);
            tokens.setAccuracySeconds(1);
            tokens.addCertificates(new JcaCertStore(chain));
            return new TimeStampResponseGenerator(tokens, DIGESTS, Set.of(policy), Set.of());
        } catch (OperatorCreationException | GeneralSecurityException | TSPException impossible) {
            throw new IllegalStateException("the certificate was checked at the start", impossible);
        }
    }
}
