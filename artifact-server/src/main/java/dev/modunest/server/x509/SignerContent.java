package dev.modunest.server.x509;

import dev.modunest.format.sign.Signer;

import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.operator.ContentSigner;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;

/** Has Bouncy Castle sign with a key wherever that is kept. For one signature. */
public final class SignerContent implements ContentSigner {

    private final Signer signer;
    private final ByteArrayOutputStream content = new ByteArrayOutputStream();

    public SignerContent(Signer signer) {
        this.signer = signer;
    }

    @Override
    public AlgorithmIdentifier getAlgorithmIdentifier() {
        ASN1ObjectIdentifier algorithm =
                switch (signer.key().algorithm()) {
                    case ECDSA_P256 -> X9ObjectIdentifiers.ecdsa_with_SHA256;
                    case ED25519 -> EdECObjectIdentifiers.id_Ed25519;
                    case ML_DSA_44 -> NISTObjectIdentifiers.id_ml_dsa_44;
                };
        return new AlgorithmIdentifier(algorithm);
    }

    @Override
    public OutputStream getOutputStream() {
        return content;
    }

    @Override
    public byte[] getSignature() {
        return signer.sign(content.toByteArray());
    }
}
