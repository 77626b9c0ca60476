package dev.modunest.server.x509;

import dev.modunest.format.sign.SignatureAlgorithm;
import dev.modunest.format.sign.Signer;
import dev.modunest.format.sign.VerifyingKey;
import dev.modunest.server.key.Pem;

import org.bouncycastle.asn1.pkcs.CertificationRequest;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.PKCS10CertificationRequestBuilder;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A certification request (PKCS#10, RFC 2986) whose sender has the key. Names and extensions that
 * it asks for are passed over: the registry decides them.
 *
 * @param key P-256 or Ed25519
 */
public record SigningRequest(VerifyingKey key) {

    public SigningRequest {
        if (key.algorithm() == SignatureAlgorithm.ML_DSA_44) {
            throw new IllegalArgumentException(
                    "keys of P-256 and Ed25519 are certified, not " + key.algorithm());
        }
    }

    /**
     * Reads PEM or DER.
     *
     * @throws IllegalArgumentException when it is malformed, of another kind of key, or not signed
     *     by its key
     */
    public static SigningRequest parse(byte[] body) {
        byte[] der = body.length > 0 && body[0] == '-' ? fromPem(body) : body;
        try {
            PKCS10CertificationRequest request = request(der);
            VerifyingKey key = VerifyingKey.ofSpki(request.getSubjectPublicKeyInfo().getEncoded());
            AlgorithmIdentifier named = request.getSignatureAlgorithm();
            byte[] signed =
                    request.toASN1Structure().getCertificationRequestInfo().getEncoded("DER");
            boolean possessed =
                    named.getAlgorithm().equals(algorithm(key))
                            && key.verify(signed, request.getSignature());
            if (!possessed) {
                throw new IllegalArgumentException(
                        "the request is not signed by the key that it is for, with SHA-256 where it is of P-256");
            }
            return new SigningRequest(key);
        } catch (IOException | ClassCastException | IllegalStateException malformed) {
            throw new IllegalArgumentException("no PKCS#10 request", malformed);
        }
    }

    private static PKCS10CertificationRequest request(byte[] der) {
        try {
            return new PKCS10CertificationRequest(CertificationRequest.getInstance(der));
        } catch (IllegalArgumentException malformed) {
            throw new IllegalArgumentException("no PKCS#10 request", malformed);
        }
    }

    private static org.bouncycastle.asn1.ASN1ObjectIdentifier algorithm(VerifyingKey key) {
        return switch (key.algorithm()) {
            case ECDSA_P256 -> org.bouncycastle.asn1.x9.X9ObjectIdentifiers.ecdsa_with_SHA256;
            case ED25519 -> org.bouncycastle.asn1.edec.EdECObjectIdentifiers.id_Ed25519;
            case ML_DSA_44 -> org.bouncycastle.asn1.nist.NISTObjectIdentifiers.id_ml_dsa_44;
        };
    }

    private static byte[] fromPem(byte[] body) {
        List<Pem.Block> blocks = Pem.blocks(new String(body, StandardCharsets.ISO_8859_1));
        if (blocks.size() != 1 || !blocks.getFirst().label().equals(Pem.REQUEST)) {
            throw new IllegalArgumentException("not one CERTIFICATE REQUEST in PEM");
        }
        return blocks.getFirst().der();
    }

    /** A request for the certificate of {@code signer}'s key, DER. */
    public static byte[] write(String commonName, Signer signer) {
        try {
            return new PKCS10CertificationRequestBuilder(
                            new X500Name("CN=" + commonName),
                            SubjectPublicKeyInfo.getInstance(signer.key().spki()))
                    .build(new SignerContent(signer))
                    .getEncoded();
        } catch (IOException impossible) {
            throw new IllegalStateException("the request is encoded in memory", impossible);
        }
    }
}
