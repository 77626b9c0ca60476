package dev.modunest.loader.auth;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.modunest.format.StrictJson;
import dev.modunest.loader.HostCredentials;
import dev.modunest.loader.fetch.FetchException;
import dev.modunest.loader.fetch.HttpTransport;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.regex.Pattern;

/** {@code POST {issuer}/oauth/token} for the tokens of a host (RFC 6749 4.4). Thread-safe. */
final class TokenEndpoint {

    private static final int MAX_BYTES = 64 << 10;
    private static final int MAX_SECONDS = 86_400;
    private static final int DEFAULT_SECONDS = 60;

    /** RFC 6750 2.1: nothing that could end a header. */
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9._~+/-]+=*");

    private final HostCredentials host;
    private final HttpTransport transport;

    TokenEndpoint(HostCredentials host, HttpTransport transport) {
        this.host = host;
        this.transport = transport;
    }

    /** What the issuer said. */
    sealed interface Answer {

        record Issued(String token, Duration lifetime) implements Answer {}

        /**
         * It gives this host none.
         *
         * @param date the issuer's clock, when it told
         */
        record Refused(String error, String description, Optional<Instant> date)
                implements Answer {}
    }

    /**
     * Asks once, again when the connection breaks.
     *
     * @param now the issuer's time, as far as it is known
     * @throws IOException when the issuer does not answer, or not as a token endpoint does
     */
    Answer ask(Instant now) throws IOException, InterruptedException {
        try {
            HttpTransport.Text answer = transport.exchange(() -> request(now), MAX_BYTES);
            return switch (answer.status()) {
                case 200 -> issued(answer.body());
                case 400, 401, 403 -> refused(answer);
                default -> throw new IOException(endpoint() + " answered " + answer.status());
            };
        } catch (FetchException oversized) {
            throw new IOException(oversized.reason(), oversized);
        }
    }

    private URI endpoint() {
        return URI.create(host.issuer().toString().replaceAll("/+$", "") + "/oauth/token");
    }

    private HttpRequest.Builder request(Instant now) {
        String form =
                "grant_type=client_credentials&client_assertion_type="
                        + URLEncoder.encode(ClientAssertion.TYPE, StandardCharsets.UTF_8)
                        + "&client_assertion="
                        + ClientAssertion.of(host, now);
        return HttpRequest.newBuilder(endpoint())
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("Accept", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(form));
    }

    private Answer issued(String body) throws IOException {
        ObjectNode answer = object(body);
        String token = StrictJson.text(answer, "access_token").orElse("");
        String type = StrictJson.text(answer, "token_type").orElse("");
        int seconds = answer.path("expires_in").asInt(DEFAULT_SECONDS);
        if (!TOKEN.matcher(token).matches() || !type.equalsIgnoreCase("Bearer") || seconds < 1) {
            throw new IOException(endpoint() + " answered without a bearer token");
        }
        return new Answer.Issued(token, Duration.ofSeconds(Math.min(seconds, MAX_SECONDS)));
    }

    private Answer refused(HttpTransport.Text answer) throws IOException {
        ObjectNode error = object(answer.body());
        return new Answer.Refused(
                StrictJson.text(error, "error")
                        .orElseThrow(() -> new IOException(endpoint() + " answered without error")),
                StrictJson.text(error, "error_description").orElse("no reason given"),
                answer.headers().firstValue("Date").flatMap(TokenEndpoint::date));
    }

    private static Optional<Instant> date(String text) {
        try {
            return Optional.of(DateTimeFormatter.RFC_1123_DATE_TIME.parse(text, Instant::from));
        } catch (DateTimeParseException none) {
            return Optional.empty();
        }
    }

    private ObjectNode object(String body) throws IOException {
        try {
            return StrictJson.object(body);
        } catch (IllegalArgumentException unreadable) {
            throw new IOException(endpoint() + " answered something else than JSON", unreadable);
        }
    }
}
