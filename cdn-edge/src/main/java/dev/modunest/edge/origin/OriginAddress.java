package dev.modunest.edge.origin;

import java.net.URI;
import java.util.Locale;

/**
 * Where one origin server is.
 *
 * @param uri {@code http://host:port} or {@code https://host:port}, without a path
 */
public record OriginAddress(URI uri) {

    public OriginAddress {
        boolean http = "http".equalsIgnoreCase(uri.getScheme());
        boolean https = "https".equalsIgnoreCase(uri.getScheme());
        if (!(http || https) || uri.getHost() == null) {
            throw new IllegalArgumentException(
                    "'" + uri + "' is no origin: write http://host:port or https://host:port");
        }
        if (!(uri.getRawPath().isEmpty() || uri.getRawPath().equals("/"))
                || uri.getRawQuery() != null
                || uri.getRawUserInfo() != null) {
            throw new IllegalArgumentException(
                    "'" + uri + "' has more than a host and a port: the origin is served at /");
        }
    }

    /** Names the server in metrics, logs and answers: {@code host:port}. */
    public String id() {
        return uri.getHost().toLowerCase(Locale.ROOT) + ":" + port();
    }

    /** As the HTTP client takes it: an IPv6 address without its brackets. */
    String host() {
        String host = uri.getHost();
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    boolean isTls() {
        return "https".equalsIgnoreCase(uri.getScheme());
    }

    int port() {
        return uri.getPort() != -1 ? uri.getPort() : isTls() ? 443 : 80;
    }
}
