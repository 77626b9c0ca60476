package dev.modunest.loader.fetch;

import java.net.URI;
import java.util.Optional;

/** Who asks, as requests say it. Thread-safe. */
public interface Authorization extends AutoCloseable {

    /** Nobody in particular. */
    Authorization NONE = _ -> Optional.empty();

    /**
     * The {@code Authorization} header of a request to {@code uri}; empty where it is nobody's
     * business.
     *
     * @throws FetchException when who asks has been turned away
     */
    Optional<String> of(URI uri) throws FetchException, InterruptedException;

    /** Told that {@code header} is not accepted any more. */
    default void refused(String header) {}

    @Override
    default void close() {}
}
