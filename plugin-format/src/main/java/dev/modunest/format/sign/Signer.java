package dev.modunest.format.sign;

/**
 * The use of a private key, wherever it is kept: in a file, a PKCS#12 or behind PKCS#11.
 * Thread-safe.
 */
public interface Signer {

    /** The other half, by which signatures are checked. */
    VerifyingKey key();

    /**
     * Signs {@code message}, not a hash of it.
     *
     * @throws IllegalStateException when the keeper of the key does not sign
     */
    byte[] sign(byte[] message);
}
