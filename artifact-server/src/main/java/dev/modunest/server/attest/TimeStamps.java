package dev.modunest.server.attest;

/** Says by RFC 3161 that something existed at a time. */
@FunctionalInterface
public interface TimeStamps {

    /** A TimeStampResp, DER, over {@code signature}. */
    byte[] stamp(byte[] signature);
}
