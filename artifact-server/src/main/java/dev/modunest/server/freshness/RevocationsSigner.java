package dev.modunest.server.freshness;

import dev.modunest.db.trust.SignedRevocations;
import dev.modunest.format.sign.Signer;
import dev.modunest.format.tuf.MetadataKey;
import dev.modunest.format.tuf.RoleKeys;
import dev.modunest.format.tuf.SignedDocument;
import dev.modunest.format.tuf.TargetFile;
import dev.modunest.format.tuf.TargetsMetadata;
import dev.modunest.format.tuf.write.Layout;
import dev.modunest.format.tuf.write.RevocationsWriter;
import dev.modunest.format.tuf.write.SigningTerms;

import java.time.Instant;
import java.time.InstantSource;

/** Signs {@code revoked.json} where its key is. Thread-safe. */
record RevocationsSigner(Signer signer, InstantSource clock) {

    private static final SigningTerms.Term TERM = SigningTerms.DEFAULT.revocations();

    boolean isOneOf(RoleKeys keys) {
        return keys.keys().contains(metadataKey());
    }

    MetadataKey metadataKey() {
        return MetadataKey.of(signer.key());
    }

    SignedRevocations sign(long version, byte[] content) {
        SignedDocument document = new RevocationsWriter(signer, TERM, clock).sign(version, content);
        return new SignedRevocations(version, document.bytes(), content, clock.instant());
    }

    /** Whether it is as old as it may get. */
    boolean isDue(SignedDocument signed) {
        Instant made = TargetsMetadata.of(signed).expires().minus(TERM.validity());
        return !clock.instant().isBefore(made.plus(TERM.renewal()));
    }

    static boolean says(SignedDocument signed, byte[] content) {
        TargetFile file = TargetsMetadata.of(signed).targets().get(Layout.REVOKED);
        return TargetFile.of(Layout.REVOKED, content).equals(file);
    }
}
