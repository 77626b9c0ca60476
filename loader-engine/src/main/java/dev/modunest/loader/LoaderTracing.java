package dev.modunest.loader;

import java.net.URI;
import java.util.function.BiConsumer;

/**
 * Makes the requests of an engine parts of traces. The engine knows no library for that: a host
 * brings one, as {@code dev.modunest.loader.observe.OpenTelemetryTracing} does. Thread-safe.
 */
@FunctionalInterface
public interface LoaderTracing {

    /** Requests are of no trace. */
    LoaderTracing NONE =
            (method, uri) ->
                    new Request() {
                        @Override
                        public void fields(BiConsumer<String, String> to) {}

                        @Override
                        public void answered(int status) {}

                        @Override
                        public void failed(Exception why) {}
                    };

    /** Begins a request, each try of one by itself, on the thread that makes it. */
    Request begin(String method, URI uri);

    /** One request; ended by one of {@link #answered} and {@link #failed}. */
    interface Request {

        /** Names the trace in the fields of the request (W3C Trace Context). */
        void fields(BiConsumer<String, String> to);

        /** The head of the answer is there. */
        void answered(int status);

        /** There is none. */
        void failed(Exception why);
    }
}
