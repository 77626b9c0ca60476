package dev.modunest.format.trust.sigstore;

import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A SubjectPublicKeyInfo in PEM (RFC 7468 13). */
final class PublicKeyPem {

    private static final Pattern PEM =
            Pattern.compile(
                    "\\s*-----BEGIN PUBLIC KEY-----([A-Za-z0-9+/=\\s]+)-----END PUBLIC KEY-----\\s*");

    private PublicKeyPem() {}

    static byte[] parse(String text) {
        Matcher armoured = PEM.matcher(text);
        if (!armoured.matches()) {
            throw new IllegalArgumentException("not one public key in PEM");
        }
        return Base64.getMimeDecoder().decode(armoured.group(1));
    }
}
