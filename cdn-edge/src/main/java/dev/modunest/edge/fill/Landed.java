package dev.modunest.edge.fill;

import dev.modunest.edge.cache.ResponseHead;
import dev.modunest.edge.cache.StoredResponse;
import dev.modunest.edge.origin.OriginFailure;

import io.vertx.core.http.HttpClientResponse;

/** How a flight to the origin ended. */
public sealed interface Landed {

    /**
     * The response is stored, unless an event outdated it on its way.
     *
     * @param revalidated by a 304
     */
    record Stored(StoredResponse response, boolean revalidated) implements Landed {}

    /**
     * The content comes, and will be stored. Whoever follows takes a lease.
     *
     * @param size -1 when the origin does not tell it
     * @param age in seconds, as the origin has told it, for who has asked; -1: not told. Its
     *     receiver adds the time that the answer took (RFC 9111 4.2.3)
     */
    record Flowing(ResponseHead head, long size, long age, Fill fill) implements Landed {}

    /** The origin answered with a 5xx that is not stored. */
    record Errored(BufferedResponse response) implements Landed {}

    /** A response that is not stored, for the one who asked; the others ask for themselves. */
    record Passed(HttpClientResponse response) implements Landed {}

    /** The response may not be shared; everyone asks the origin for themselves. */
    record Uncacheable() implements Landed {}

    /** The origin has an answer where it should have none, so that it lags behind its events. */
    record Contradicted() implements Landed {}

    /** The origin failed. */
    record Failed(OriginFailure why) implements Landed {}
}
