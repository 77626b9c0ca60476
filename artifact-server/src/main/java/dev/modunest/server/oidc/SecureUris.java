package dev.modunest.server.oidc;

import java.net.URI;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Which URIs may carry secrets: https, and http to this machine (RFC 8252, section 8.3). */
public final class SecureUris {

    private static final Pattern LOOPBACK_V4 = Pattern.compile("127(\\.\\d{1,3}){3}");
    private static final Set<String> LOOPBACK = Set.of("localhost", "[::1]");

    private SecureUris() {}

    static boolean isHttps(URI uri) {
        return "https".equals(scheme(uri)) && uri.getHost() != null;
    }

    static boolean isLoopback(URI uri) {
        String host = uri.getHost();
        return "http".equals(scheme(uri))
                && host != null
                && (LOOPBACK.contains(host.toLowerCase(Locale.ROOT))
                        || LOOPBACK_V4.matcher(host).matches());
    }

    /**
     * Whether what {@code issuer} names as its endpoint may be called: an issuer elsewhere never
     * sends us to this machine by http.
     */
    static boolean isEndpoint(URI endpoint, URI issuer) {
        return endpoint.getUserInfo() == null
                && endpoint.getFragment() == null
                && (isHttps(endpoint) || (isLoopback(endpoint) && isLoopback(issuer)));
    }

    /** An issuer has no query and no fragment (OpenID Connect Discovery 1.0, section 3). */
    public static void requireIssuer(URI issuer) {
        if (!isHttps(issuer) && !isLoopback(issuer)) {
            throw new IllegalArgumentException(
                    "issuer is an https URI, or http with a loopback host, not " + issuer);
        }
        if (issuer.getRawQuery() != null
                || issuer.getRawFragment() != null
                || issuer.getRawUserInfo() != null) {
            throw new IllegalArgumentException(
                    "issuer has no user, query or fragment: " + issuer.getHost());
        }
    }

    private static String scheme(URI uri) {
        return uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    }
}
