package dev.modunest.format.tuf.write;

import dev.modunest.format.sign.Signer;
import dev.modunest.format.tuf.SignedDocument;
import dev.modunest.format.tuf.TargetFile;

import java.time.InstantSource;
import java.util.List;

/**
 * Signs {@code revoked.json}, where its key is kept; {@link RepositoryWriter#adopt} makes it public
 * after its content was written. Thread-safe.
 */
public final class RevocationsWriter {

    private final Signer signer;
    private final SigningTerms.Term term;
    private final InstantSource clock;

    public RevocationsWriter(Signer signer, SigningTerms.Term term, InstantSource clock) {
        this.signer = signer;
        this.term = term;
        this.clock = clock;
    }

    /** The role's metadata of a version. */
    public SignedDocument sign(long version, byte[] revoked) {
        return TufDocuments.leaf(
                        version,
                        clock.instant().plus(term.validity()),
                        List.of(TargetFile.of(Layout.REVOKED, revoked)))
                .signedBy(signer);
    }

    /** The file of the target, to be written before the metadata. */
    public static RepositoryFile content(byte[] revoked) {
        return RepositoryFile.ofTarget(TargetFile.of(Layout.REVOKED, revoked), revoked);
    }
}
