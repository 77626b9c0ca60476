package dev.modunest.format.sign;

import java.math.BigInteger;
import java.util.Arrays;

/**
 * The DER of an ECDSA signature on P-256: SEQUENCE of two INTEGERs from 1 to n-1, each as short as
 * can be (X.690 8.3, 10.1). The JDK takes other encodings too.
 */
final class EcdsaSignature {

    /** The order n of the base point of P-256 (SP 800-186 3.2.1.3). */
    static final BigInteger ORDER =
            new BigInteger("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16);

    private static final int MAX_BYTES = 72;

    private EcdsaSignature() {}

    static boolean isCanonical(byte[] der) {
        if (der.length < 8
                || der.length > MAX_BYTES
                || der[0] != 0x30
                || der[1] != der.length - 2) {
            return false;
        }
        int second = integerEnd(der, 2);
        return second > 0 && integerEnd(der, second) == der.length;
    }

    /** Where the INTEGER at {@code start} ends; -1 when it is none or out of range. */
    private static int integerEnd(byte[] der, int start) {
        if (start + 2 >= der.length || der[start] != 0x02) {
            return -1;
        }
        int length = der[start + 1];
        int end = start + 2 + length;
        if (length < 1 || end > der.length) {
            return -1;
        }
        BigInteger value = new BigInteger(Arrays.copyOfRange(der, start + 2, end));
        boolean shortest = value.toByteArray().length == length;
        return shortest && value.signum() > 0 && value.compareTo(ORDER) < 0 ? end : -1;
    }
}
