package dev.modunest.samples.qrcode.api;

/** Draws text as QR codes (ISO/IEC 18004). Thread-safe. */
public interface QrCodes {

    /**
     * Encodes {@code text} as UTF-8 in the smallest code that holds it.
     *
     * @throws IllegalArgumentException when it is empty, or more than a code of that correction
     *     holds
     */
    QrCode encode(String text, Correction correction);

    /** How much of a damaged code can be restored. */
    enum Correction {
        PERCENT_7,
        PERCENT_15,
        PERCENT_25,
        PERCENT_30
    }
}
