package dev.modunest.server.freshness;

import dev.modunest.db.Database;
import dev.modunest.db.trust.SignedRevocations;
import dev.modunest.db.trust.TakenDown;
import dev.modunest.db.trust.VersionedFile;
import dev.modunest.format.sign.Signer;
import dev.modunest.format.tuf.RoleKeys;
import dev.modunest.format.tuf.SignedDocument;
import dev.modunest.format.tuf.TargetsMetadata;
import dev.modunest.format.tuf.write.Layout;

import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * Signs {@code revoked.json} beside the servers, where its key is, and hands it to their writer by
 * the index.
 */
public final class RevocationsSigning {

    private final Database database;
    private final RevocationsSigner signer;

    public RevocationsSigning(Database database, Signer signer, InstantSource clock) {
        this.database = database;
        this.signer = new RevocationsSigner(signer, clock);
    }

    /**
     * Signs what the index says, unless that was signed within the hour.
     *
     * @return the version; empty when there was nothing to do
     * @throws IllegalStateException when the public targets give the role to another key
     */
    public Optional<Long> sign() {
        requireKey();
        Optional<SignedDocument> last = last();
        byte[] content =
                RevokedDocument.of(
                        database.<List<TakenDown>>read(tx -> tx.freshnessIndex().takenDown()));
        boolean good =
                last.filter(document -> !signer.isDue(document))
                        .filter(document -> RevocationsSigner.says(document, content))
                        .filter(document -> document.isSignedBy(signer.metadataKey()))
                        .isPresent();
        if (good) {
            return Optional.empty();
        }
        long version = last.map(TargetsMetadata::of).map(TargetsMetadata::version).orElse(0L) + 1;
        SignedRevocations signed = signer.sign(version, content);
        database.<Boolean>inTransaction(
                tx -> {
                    tx.freshness().handIn(signed);
                    return true;
                });
        return Optional.of(version);
    }

    private void requireKey() {
        Optional<RoleKeys> keys =
                current(TargetsMetadata.ROLE)
                        .map(TargetsMetadata::of)
                        .flatMap(TargetsMetadata::delegations)
                        .flatMap(delegations -> delegations.keysOf(Layout.REVOCATIONS));
        if (keys.filter(own -> !signer.isOneOf(own)).isPresent()) {
            throw new IllegalStateException(
                    "the public targets give the role revocations to another key; give it to "
                            + signer.metadataKey()
                            + " with ./modunest ceremony tuf targets --revocations");
        }
    }

    /** The newest of what is public and what was handed in. */
    private Optional<SignedDocument> last() {
        Optional<SignedDocument> published = current(Layout.REVOCATIONS);
        long version = published.map(TargetsMetadata::of).map(TargetsMetadata::version).orElse(0L);
        return database.<Optional<SignedRevocations>>read(tx -> tx.freshness().handedIn(version))
                .map(signed -> SignedDocument.parse(signed.document()))
                .or(() -> published);
    }

    private Optional<SignedDocument> current(String role) {
        return database.<Optional<VersionedFile>>read(tx -> tx.freshness().current(role))
                .map(file -> SignedDocument.parse(file.content()));
    }
}
