package dev.modunest.edge.discovery;

import dev.modunest.edge.origin.OriginAddress;

import io.vertx.core.Vertx;
import io.vertx.core.dns.DnsClient;
import io.vertx.core.dns.DnsClientOptions;
import io.vertx.core.dns.SrvRecord;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;

/**
 * By SRV records (RFC 2782): those of the lowest priority, which are the first to be asked. Weights
 * are not looked at, as the load decides.
 */
final class SrvLookup implements Lookup {

    private final DnsClient client;
    private final String name;
    private final DiscoverySettings.Scheme scheme;

    SrvLookup(
            Vertx vertx,
            String name,
            DiscoverySettings.Dns dns,
            DiscoverySettings.Scheme scheme,
            Duration timeout) {
        DnsClientOptions options = new DnsClientOptions().setQueryTimeout(timeout.toMillis());
        dns.server()
                .ifPresent(
                        server -> {
                            String[] parts = server.split(":", -1);
                            options.setHost(parts[0]).setPort(Integer.parseInt(parts[1]));
                        });
        this.client = vertx.createDnsClient(options);
        this.name = name;
        this.scheme = scheme;
    }

    @Override
    public String source() {
        return "dns";
    }

    @Override
    public List<OriginAddress> find() throws IOException, InterruptedException {
        List<SrvRecord> records;
        try {
            records = client.resolveSRV(name).toCompletionStage().toCompletableFuture().get();
        } catch (ExecutionException failed) {
            throw new IOException("no SRV records of " + name + ": " + failed.getCause(), failed);
        }
        int first = records.stream().mapToInt(SrvRecord::priority).min().orElse(0);
        return records.stream()
                .filter(record -> record.priority() == first && !host(record).isEmpty())
                .map(record -> new OriginAddress(scheme.uri(host(record), record.port())))
                .distinct()
                .toList();
    }

    /** Empty for the root, which says that there is no such service. */
    private static String host(SrvRecord srv) {
        String target = Objects.requireNonNullElse(srv.target(), "");
        return target.endsWith(".") ? target.substring(0, target.length() - 1) : target;
    }

    @Override
    public void close() {
        client.close();
    }
}
