package dev.modunest.edge.serve;

import dev.modunest.edge.fill.BufferedResponse;
import dev.modunest.edge.fill.PostedResponses;
import dev.modunest.edge.fill.Responses;
import dev.modunest.edge.origin.BoundedBody;
import dev.modunest.edge.origin.OriginFailure;

import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.net.URI;
import java.util.Optional;

/**
 * Passes requests on that may change what they name; when they have, what is stored of that is
 * dropped (RFC 9111 4.4). The response to a POST is stored when it says that it is what a GET of
 * the same URI would bring, and for how long (RFC 9110 9.3.3).
 */
public final class ChangeEndpoint {

    private static final Logger LOG = LoggerFactory.getLogger(ChangeEndpoint.class);

    private final Responses responses;
    private final PostedResponses posted;
    private final ProxyEndpoint proxy;

    public ChangeEndpoint(Responses responses, PostedResponses posted, ProxyEndpoint proxy) {
        this.responses = responses;
        this.posted = posted;
        this.proxy = proxy;
    }

    public void handle(Exchange x) {
        String uri = x.target().toString();
        PostedResponses.Begun begun = posted.begin(uri, x.request().headers());
        proxy.forward(
                x,
                CacheStatus.METHOD,
                response -> {
                    int status = response.statusCode();
                    if (x.isSafe() || status < 200 || status >= 400) {
                        return false;
                    }
                    responses.invalidate(uri);
                    Optional<String> location = named(x, uri, response.getHeader("Location"));
                    location.ifPresent(responses::invalidate);
                    Optional<String> content =
                            named(x, uri, response.getHeader("Content-Location"));
                    content.ifPresent(responses::invalidate);
                    boolean stored =
                            x.request().method().equals(HttpMethod.POST)
                                    && content.filter(uri::equals).isPresent()
                                    && posted.isStorable(begun, response);
                    if (stored) {
                        store(x, begun, response);
                    }
                    return stored;
                });
    }

    private void store(Exchange x, PostedResponses.Begun begun, HttpClientResponse response) {
        x.on(
                BoundedBody.read(response, posted.maxSize()),
                read -> {
                    if (read.failed() || read.result().isEmpty()) {
                        ProxyEndpoint.refuse(
                                x, OriginFailure.of(cause(read.cause())), CacheStatus.METHOD);
                        return;
                    }
                    posted.store(begun, BufferedResponse.of(response, read.result().get()));
                    proxy.answer(x, response, read.result().get(), CacheStatus.METHOD);
                });
    }

    private static Throwable cause(@Nullable Throwable broken) {
        return broken == null
                ? new OriginFailure(OriginFailure.Kind.INVALID, "the body is longer than told")
                : broken;
    }

    /** The URI on this host that {@code reference} names. */
    private static Optional<String> named(Exchange x, String base, @Nullable String reference) {
        if (reference == null) {
            return Optional.empty();
        }
        try {
            URI named = URI.create("http://" + x.authority() + base).resolve(reference.strip());
            if (!x.authority().equalsIgnoreCase(named.getRawAuthority())) {
                return Optional.empty();
            }
            String query = named.getRawQuery();
            return Optional.of(named.getRawPath() + (query == null ? "" : "?" + query));
        } catch (IllegalArgumentException notAReference) {
            LOG.debug("{} names what it has changed by '{}'", base, reference);
            return Optional.empty();
        }
    }
}
