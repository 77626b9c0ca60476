package dev.modunest.server.key;

import dev.modunest.format.sign.Signer;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;

/**
 * Opens a key and signs, in a process of its own: SoftHSM finds its token by a variable of the
 * environment.
 */
final class Pkcs11Probe {

    private Pkcs11Probe() {}

    /** Takes the location of the key; prints key and signature in hex, or what went wrong. */
    public static void main(String[] arguments) {
        try {
            Signer signer =
                    new KeyStorage(System.getenv())
                            .open(
                                    KeyLocation.parse(arguments[0], Path.of("")),
                                    new Passphrase.OfVariable("PIN"));
            HexFormat hex = HexFormat.of();
            System.out.println(hex.formatHex(signer.key().spki()));
            System.out.println(
                    hex.formatHex(signer.sign(arguments[1].getBytes(StandardCharsets.UTF_8))));
        } catch (KeyException refused) {
            System.out.println("refused: " + refused.getMessage());
        }
    }
}
