package dev.modunest.server.key;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Textual encodings of keys and certificates (RFC 7468). */
public final class Pem {

    public static final String CERTIFICATE = "CERTIFICATE";
    public static final String REQUEST = "CERTIFICATE REQUEST";
    static final String PRIVATE_KEY = "PRIVATE KEY";
    static final String ENCRYPTED_PRIVATE_KEY = "ENCRYPTED PRIVATE KEY";

    private static final int LINE = 64;
    private static final Pattern BLOCK =
            Pattern.compile(
                    "-----BEGIN ([A-Z0-9 ]{1,40})-----\\s*([A-Za-z0-9+/=\\s]*?)-----END \\1-----");

    /** One block of a text. */
    public static final class Block {

        private final String label;
        private final byte[] der;

        private Block(String label, byte[] der) {
            this.label = label;
            this.der = der;
        }

        public String label() {
            return label;
        }

        public byte[] der() {
            return der.clone();
        }
    }

    private Pem() {}

    /**
     * All blocks in their order; text between them is passed over.
     *
     * @throws IllegalArgumentException when one is not base64
     */
    public static List<Block> blocks(String text) {
        List<Block> blocks = new ArrayList<>();
        Matcher found = BLOCK.matcher(text);
        while (found.find()) {
            blocks.add(
                    new Block(
                            found.group(1),
                            Base64.getDecoder().decode(found.group(2).replaceAll("\\s", ""))));
        }
        return blocks;
    }

    /** The text of a block. */
    public static String text(String label, byte[] der) {
        return "-----BEGIN "
                + label
                + "-----\n"
                + Base64.getMimeEncoder(LINE, new byte[] {'\n'}).encodeToString(der)
                + "\n-----END "
                + label
                + "-----\n";
    }

    public static String text(X509Certificate certificate) {
        return text(CERTIFICATE, der(certificate));
    }

    public static byte[] der(X509Certificate certificate) {
        try {
            return certificate.getEncoded();
        } catch (CertificateEncodingException impossible) {
            throw new IllegalStateException("a certificate has an encoding", impossible);
        }
    }

    /** Certificates are public: anybody may read the file. */
    public static X509Certificate readCertificate(Path file) {
        return Certificates.parse(file, readText(file));
    }

    static String readText(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException unreadable) {
            throw new KeyException(file + " cannot be read: " + unreadable.getMessage());
        }
    }

    /** DER of a list of revocations. */
    public static byte[] der(X509CRL list) {
        try {
            return list.getEncoded();
        } catch (java.security.cert.CRLException impossible) {
            throw new IllegalStateException("a list has an encoding", impossible);
        }
    }
}
