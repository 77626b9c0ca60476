package dev.modunest.loader.auth;

import dev.modunest.loader.TrustedIssuer.Algorithm;

import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;

/** The signature algorithms of tokens, by the JDK. */
final class Signatures {

    private static final PSSParameterSpec PSS_SHA_256 =
            new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1);

    private Signatures() {}

    /** Whether {@code key} is of the kind that {@code algorithm} takes. */
    static boolean fits(Algorithm algorithm, PublicKey key) {
        return switch (algorithm) {
            case ES256 -> key instanceof ECPublicKey;
            case RS256, PS256 -> key instanceof RSAPublicKey;
            case EDDSA -> key instanceof EdECPublicKey;
        };
    }

    /** Whether {@code signature} is {@code key}'s of {@code signed}; garbage is a no. */
    static boolean verify(Algorithm algorithm, PublicKey key, byte[] signed, byte[] signature) {
        if (!fits(algorithm, key)) {
            return false;
        }
        try {
            Signature verifier = verifier(algorithm);
            verifier.initVerify(key);
            verifier.update(signed);
            return verifier.verify(signature);
        } catch (SignatureException | InvalidKeyException garbage) {
            return false;
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException(
                    "this JDK cannot verify " + algorithm.text() + " signatures", missing);
        }
    }

    private static Signature verifier(Algorithm algorithm) throws GeneralSecurityException {
        return switch (algorithm) {
            case ES256 -> Signature.getInstance("SHA256withECDSAinP1363Format");
            case RS256 -> Signature.getInstance("SHA256withRSA");
            case PS256 -> {
                Signature pss = Signature.getInstance("RSASSA-PSS");
                pss.setParameter(PSS_SHA_256);
                yield pss;
            }
            case EDDSA -> Signature.getInstance("Ed25519");
        };
    }
}
