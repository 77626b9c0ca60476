package dev.modunest.server.key;

import java.nio.file.Path;

/**
 * Where a private key is: {@code online/tsa.pem}, {@code online/tsa.p12#tsa} or {@code
 * pkcs11:online/hsm.cfg#tsa}.
 */
public sealed interface KeyLocation {

    /** PKCS#8 (RFC 5958), plain or encrypted by PBES2 (RFC 8018), as PEM. */
    record PemFile(Path file) implements KeyLocation {}

    /** PKCS#12 (RFC 7292). */
    record Pkcs12File(Path file, String alias) implements KeyLocation {}

    /**
     * A token of PKCS#11.
     *
     * @param configuration of the JDK's provider SunPKCS11
     */
    record Pkcs11Token(Path configuration, String alias) implements KeyLocation {}

    String PKCS11 = "pkcs11:";

    /** Reads what is written; paths are those below {@code folder} unless they are absolute. */
    static KeyLocation parse(String text, Path folder) {
        if (text.startsWith(PKCS11)) {
            String rest = text.substring(PKCS11.length());
            return new Pkcs11Token(folder.resolve(file(rest)), alias(rest));
        }
        return text.contains("#")
                ? new Pkcs12File(folder.resolve(file(text)), alias(text))
                : new PemFile(folder.resolve(text));
    }

    private static String file(String text) {
        int hash = text.lastIndexOf('#');
        return hash < 0 ? text : text.substring(0, hash);
    }

    private static String alias(String text) {
        int hash = text.lastIndexOf('#');
        if (hash < 0 || hash == text.length() - 1) {
            throw new KeyException(
                    "'" + text + "' names no key of the store; append #ALIAS to the file");
        }
        return text.substring(hash + 1);
    }
}
