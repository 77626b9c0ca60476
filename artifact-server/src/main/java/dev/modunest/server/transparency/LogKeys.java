package dev.modunest.server.transparency;

import dev.modunest.format.log.NoteKey;
import dev.modunest.format.log.NoteSigner;
import dev.modunest.format.sign.Signer;

import java.util.List;

/**
 * The keys of one shard of the log, each of which signs every checkpoint.
 *
 * @param shard part of the paths of the log
 * @param origin its name in checkpoints and of its keys, {@code <registry>/log/<shard>}
 * @param ed25519 the one that C2SP demands
 * @param ecdsa the one by which Sigstore's tools verify; its signer promises inclusion too
 * @param mlDsa the one for the time of quantum computers
 */
public record LogKeys(
        String shard,
        String origin,
        NoteSigner ed25519,
        NoteSigner ecdsa,
        NoteSigner mlDsa,
        Signer promises) {

    private static final String PATH = "/log/";

    /**
     * Keys of one log.
     *
     * @throws IllegalArgumentException when the origin does not end in {@code /log/<shard>}
     */
    public static LogKeys of(String origin, Signer ed25519, Signer ecdsa, Signer mlDsa) {
        int path = origin.lastIndexOf(PATH);
        if (path < 1 || path + PATH.length() == origin.length()) {
            throw new IllegalArgumentException(
                    "the origin of a log is <registry>/log/<shard>, not " + origin);
        }
        return new LogKeys(
                origin.substring(path + PATH.length()),
                origin,
                new NoteSigner(origin, NoteKey.Kind.ED25519, ed25519),
                new NoteSigner(origin, NoteKey.Kind.ECDSA_P256, ecdsa),
                new NoteSigner(origin, NoteKey.Kind.ML_DSA_44_COSIGNATURE, mlDsa),
                ecdsa);
    }

    List<NoteSigner> signers() {
        return List.of(ed25519, ecdsa, mlDsa);
    }
}
