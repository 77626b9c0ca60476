package dev.modunest.server.problem;

import io.helidon.http.HeaderValues;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives every request its id, tells what became of it, and writes one access line at debug. */
public final class RequestFilter implements Filter {

    private static final Logger LOG = LoggerFactory.getLogger("dev.modunest.server.access");
    private static final String UNMATCHED = "unmatched";

    /** Hears of every request when it is over. */
    @FunctionalInterface
    public interface Observer {
        /**
         * Called once per request, on its thread.
         *
         * @param route the path pattern, {@code unmatched} when there is none
         * @param status the status sent; 0 when the connection was cut
         */
        void answered(String route, String method, int status, long nanos);
    }

    private final Observer observer;

    public RequestFilter(Observer observer) {
        this.observer = observer;
    }

    @Override
    public void filter(FilterChain chain, RoutingRequest request, RoutingResponse response) {
        long begun = System.nanoTime();
        String id = RequestId.begin(request.headers().first(RequestId.HEADER));
        response.header(RequestId.HEADER, id);
        boolean answered = false;
        try {
            chain.proceed();
            answered = true;
        } finally {
            over(request, answered ? response.status().code() : 0, System.nanoTime() - begun);
            RequestId.end();
        }
        closeIfAnnounced(request, response);
    }

    /** The web server itself would wait for the client to close, and read on. */
    private static void closeIfAnnounced(RoutingRequest request, RoutingResponse response) {
        if (!response.headers().containsToken(HeaderValues.CONNECTION_CLOSE)) {
            return;
        }
        if (!request.content().consumed()) {
            throw new UnreadBody();
        }
        throw new CloseConnectionException("the answer announced it");
    }

    private void over(RoutingRequest request, int status, long nanos) {
        String method = Answers.knownMethod(request.prologue().method().text());
        String route = request.matchingPattern().filter(p -> p.length() > 2).orElse(UNMATCHED);
        observer.answered(route, method, status, nanos);
        if (LOG.isDebugEnabled()) {
            LOG.debug(
                    "{} {} {} {} ms",
                    method,
                    request.prologue().uriPath().rawPath(),
                    status,
                    nanos / 1_000_000);
        }
    }
}
