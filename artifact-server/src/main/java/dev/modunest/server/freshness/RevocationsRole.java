package dev.modunest.server.freshness;

import dev.modunest.db.Database;
import dev.modunest.db.trust.SignedRevocations;
import dev.modunest.db.trust.TakenDown;
import dev.modunest.format.tuf.RoleKeys;
import dev.modunest.format.tuf.SignedDocument;
import dev.modunest.format.tuf.TargetsMetadata;

import java.util.List;
import java.util.Optional;

/**
 * What of the role {@code revocations} is to be public next: signed here where the key is here,
 * else handed in by who has it. Not thread-safe.
 */
final class RevocationsRole {

    private final Optional<RevocationsSigner> signer;
    private final Database database;
    private Optional<SignedDocument> published;
    private boolean mayDiffer = true;

    RevocationsRole(
            Optional<RevocationsSigner> signer,
            Database database,
            Optional<SignedDocument> published) {
        this.signer = signer;
        this.database = database;
        this.published = published;
    }

    /** What is taken down may have changed. */
    void changed() {
        mayDiffer = true;
    }

    /** Whether the keys signed what is public. */
    boolean isAcceptedBy(RoleKeys keys) {
        return published.filter(keys::accepts).isPresent();
    }

    /** What takes the place of what is public; empty when that is right. */
    Optional<SignedRevocations> next(RoleKeys keys) {
        long version = published.map(TargetsMetadata::of).map(TargetsMetadata::version).orElse(0L);
        Optional<RevocationsSigner> own = signer.filter(one -> one.isOneOf(keys));
        return own.isPresent() ? sign(own.get(), version, keys) : handedIn(version, keys);
    }

    private Optional<SignedRevocations> sign(RevocationsSigner own, long version, RoleKeys keys) {
        Optional<SignedDocument> good =
                published.filter(keys::accepts).filter(document -> !own.isDue(document));
        if (good.isPresent() && !mayDiffer) {
            return Optional.empty();
        }
        byte[] content =
                RevokedDocument.of(
                        database.<List<TakenDown>>read(tx -> tx.freshnessIndex().takenDown()));
        mayDiffer = false;
        return good.filter(document -> RevocationsSigner.says(document, content)).isPresent()
                ? Optional.empty()
                : Optional.of(own.sign(version + 1, content));
    }

    /** What its keeper did not sign, or not for this content, is left where it is. */
    private Optional<SignedRevocations> handedIn(long version, RoleKeys keys) {
        return database.<Optional<SignedRevocations>>read(tx -> tx.freshness().handedIn(version))
                .filter(
                        signed -> {
                            SignedDocument document = SignedDocument.parse(signed.document());
                            return keys.accepts(document)
                                    && RevocationsSigner.says(document, signed.content());
                        });
    }

    void published(SignedDocument document) {
        published = Optional.of(document);
    }
}
