package dev.modunest.server.publish;

import dev.modunest.db.Account;
import dev.modunest.db.PublishRecord;
import dev.modunest.format.Coordinate;
import dev.modunest.format.Digest;
import dev.modunest.server.idempotency.Mutation;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What is known before the body is read.
 *
 * @param mutation who asks, and under which key
 * @param announced the digest that the client says the body has
 * @param length bytes of the body; empty when it comes in chunks
 * @param bundles that were sent ahead, the publisher's first
 */
record PublishRequest(
        Coordinate coordinate,
        Mutation mutation,
        Optional<Digest> announced,
        OptionalLong length,
        List<Digest> bundles) {

    PublishRequest {
        bundles = List.copyOf(bundles);
    }

    /** Of a publish that another server accepted: its key has its answer. */
    static PublishRequest resumed(PublishRecord publish) {
        return new PublishRequest(
                publish.coordinate(),
                new Mutation(publish.account(), Optional.empty(), ""),
                publish.digest(),
                OptionalLong.empty(),
                publish.bundles());
    }

    Account account() {
        return mutation.account();
    }
}
