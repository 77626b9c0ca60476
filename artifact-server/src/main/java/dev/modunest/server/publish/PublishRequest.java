package dev.modunest.server.publish;

import dev.modunest.db.Account;
import dev.modunest.db.PublishRecord;
import dev.modunest.format.Coordinate;
import dev.modunest.format.Digest;
import dev.modunest.server.idempotency.Mutation;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * What is known before the body is read.
 *
 * @param mutation who asks, and under which key
 * @param announced the digest that the client says the body has
 * @param length bytes of the body; empty when it comes in chunks
 * @param bundle that was sent ahead, with the publisher's signature
 */
record PublishRequest(
        Coordinate coordinate,
        Mutation mutation,
        Optional<Digest> announced,
        OptionalLong length,
        Optional<Digest> bundle) {

    /** Of a publish that another server accepted: its key has its answer. */
    static PublishRequest resumed(PublishRecord publish) {
        return new PublishRequest(
                publish.coordinate(),
                new Mutation(publish.account(), Optional.empty(), ""),
                publish.digest(),
                OptionalLong.empty(),
                publish.bundle());
    }

    Account account() {
        return mutation.account();
    }
}
