package dev.modunest.edge.discovery;

import dev.modunest.settings.Default;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * Finding the servers of the origin while the edge runs.
 *
 * @param scheme of what is found
 * @param interval from one look to the next
 * @param timeout of a look
 */
public record DiscoverySettings(
        @Default("http") Scheme scheme,
        @Default("10s") Duration interval,
        @Default("5s") Duration timeout,
        Dns dns,
        Kubernetes kubernetes) {

    /** How the servers that are found are spoken to. */
    public enum Scheme {
        HTTP,
        HTTPS;

        URI uri(String host, int port) {
            String literal = host.contains(":") ? "[" + host + "]" : host;
            return URI.create(name().toLowerCase(Locale.ROOT) + "://" + literal + ":" + port);
        }
    }

    /**
     * By SRV records (RFC 2782).
     *
     * @param srv {@code _service._proto.domain}; none: DNS is not asked
     * @param server {@code host:port} of the resolver; none: the system's
     */
    public record Dns(Optional<String> srv, Optional<String> server) {

        public Dns {
            srv.filter(name -> !name.matches("_[^.]+\\._[^.]+\\..+"))
                    .ifPresent(
                            name -> {
                                throw new IllegalArgumentException(
                                        "srv is '" + name + "': write _service._proto.domain");
                            });
            server.filter(text -> !text.matches("[^:]+:[0-9]{1,5}"))
                    .ifPresent(
                            text -> {
                                throw new IllegalArgumentException(
                                        "server is '" + text + "': write host:port");
                            });
        }
    }

    /**
     * By the EndpointSlices of a service.
     *
     * @param service none: Kubernetes is not asked
     * @param namespace none: that of the edge's own service account
     * @param portName none: the first port of the service
     * @param account directory with {@code token}, {@code ca.crt} and {@code namespace}
     */
    public record Kubernetes(
            Optional<String> service,
            Optional<String> namespace,
            Optional<String> portName,
            @Default("https://kubernetes.default.svc") URI api,
            @Default("/var/run/secrets/kubernetes.io/serviceaccount") Path account) {

        private static final String NAME = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";

        public Kubernetes {
            requireName("service", service);
            requireName("namespace", namespace);
        }

        private static void requireName(String key, Optional<String> name) {
            name.filter(text -> !text.matches(NAME))
                    .ifPresent(
                            text -> {
                                throw new IllegalArgumentException(
                                        key + " is '" + text + "', which is no DNS label");
                            });
        }
    }

    public DiscoverySettings {
        if (interval.toMillis() < 1 || interval.toDays() > 1) {
            throw new IllegalArgumentException("interval is 1ms to 1d");
        }
        if (timeout.toMillis() < 1 || timeout.toMinutes() > 10) {
            throw new IllegalArgumentException("timeout is 1ms to 10m");
        }
    }

    /** Whether anybody is asked. */
    public boolean isOn() {
        return dns.srv().isPresent() || kubernetes.service().isPresent();
    }
}
